// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.launcher;

import io.criubridge.hooks.launcher.NativePrograms.Result;
import io.criubridge.hooks.launcher.RuncContainer.Mount;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Runs of real CRIUs on a {@link RuncContainer}, with plans by {@link StubWorker}. */
final class CriuRun implements AutoCloseable {
  private static final String DEFAULT_CRIUS = "/opt/criu4/bin/criu:/opt/criu4.2/bin/criu";

  final Path images;
  private final NativePrograms programs;
  private final Path directory;
  private final Path stub;
  private final RuncContainer container;

  /** Starts a container in the directory, with its output on that file of the host. */
  CriuRun(NativePrograms programs, Path directory, Path output) throws Exception {
    this.programs = programs;
    this.directory = directory;
    images = Files.createDirectory(directory.resolve("images"));
    stub = Files.createDirectory(directory.resolve("stub"));
    Path workload = directory.resolve("workload");
    Path source = Path.of("../test-fixtures/src/main/c/workload.c").toAbsolutePath();
    NativePrograms.compile(workload, "-static", source.toString());
    Path place = Files.createDirectory(directory.resolve("container"));
    container = RuncContainer.start(place, workload, output);
  }

  /** The CRIUs to test: those the variable {@code CRIU} names, separated by colons. */
  static Stream<String> crius() {
    return Stream.of(System.getenv().getOrDefault("CRIU", DEFAULT_CRIUS).split(":"));
  }

  RuncContainer container() {
    return container;
  }

  /** What launcher and stub need to find in CRIU's environment. */
  Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>();
    environment.put("CRIU_BRIDGE_STUB", stub.toString());
    environment.put("CRIU_BRIDGE_RUN_DIR", directory.resolve("run").toString());
    environment.put("CRIU_BRIDGE_CONFIG", directory.resolve("config.yaml").toString());
    return environment;
  }

  private Result criu(String criu, Map<String, String> more, List<String> arguments)
      throws Exception {
    Map<String, String> environment = environment();
    environment.putAll(more);
    List<String> command = new ArrayList<>(List.of(criu));
    command.addAll(arguments);
    command.addAll(List.of("-D", images.toString()));
    return NativePrograms.run(environment, command);
  }

  Result dump(String criu, Path plugins, String... more) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("dump", "-t", "" + container.pid()));
    arguments.addAll(List.of("--libdir", plugins.toString()));
    arguments.addAll(List.of(more));
    return criu(criu, Map.of(), arguments);
  }

  String[] actionScript() {
    return new String[] {"--action-script", programs.launcher().toString()};
  }

  Result restore(String criu, Path plugins, Map<String, String> environment) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("restore", "-d"));
    arguments.addAll(List.of("--root", container.root(), "--libdir", plugins.toString()));
    arguments.addAll(List.of("--pidfile", directory.resolve("restored.pid").toString()));
    return criu(criu, environment, arguments);
  }

  int restoredPid() throws IOException {
    return Integer.parseInt(Files.readString(directory.resolve("restored.pid")).trim());
  }

  /** Has the worker write this plan when it is asked for the phase. */
  void plan(String phase, List<String> directives) throws IOException {
    List<String> lines = new ArrayList<>(List.of("criu-bridge-plan 1"));
    lines.addAll(directives);
    lines.add("end");
    rawPlan(phase, String.join("\n", lines) + "\n");
  }

  void rawPlan(String phase, String text) throws IOException {
    Path plan = directory.resolve("plan-for-" + phase);
    Files.writeString(plan, text);
    script("worker-" + phase, "copy-plan " + plan, "exit 0");
  }

  void script(String name, String... commands) throws IOException {
    NativePrograms.write(stub.resolve(name), commands);
  }

  List<String> dumpDirectives() throws IOException {
    List<String> directives = new ArrayList<>(List.of("external " + container.fileKey(1)));
    for (Mount mount : container.foreignMounts()) {
      directives.add("external mnt[" + mount.point() + "]:key-" + mount.id());
    }
    return directives;
  }

  List<String> restoreDirectives() throws IOException {
    String output = container.output().toString();
    List<String> directives =
        new ArrayList<>(List.of("inherit-fd " + container.fileKey(1) + " " + output));
    for (Mount mount : container.foreignMounts()) {
      directives.add("external mnt[key-" + mount.id() + "]:" + source(mount));
    }
    return directives;
  }

  Path source(Mount mount) {
    return mount.point().equals("/vol1") ? container.volume() : Path.of(mount.point());
  }

  String applied() throws IOException {
    try (Stream<Path> runs = Files.list(directory.resolve("run"))) {
      Path newest = runs.max((a, b) -> Long.compare(startTime(a), startTime(b))).orElseThrow();
      return Files.readString(newest.resolve("plan.applied"));
    }
  }

  private static long startTime(Path run) {
    return Long.parseLong(run.getFileName().toString().split("-")[1]);
  }

  List<String> phases() throws IOException {
    return Files.readAllLines(stub.resolve("log")).stream()
        .map(line -> line.split(" ")[1])
        .toList();
  }

  String mountImage() throws IOException {
    try (Stream<Path> files = Files.list(images)) {
      Path image =
          files
              .filter(file -> file.getFileName().toString().startsWith("mountpoints-"))
              .findFirst()
              .orElseThrow();
      return Files.readString(image, StandardCharsets.ISO_8859_1);
    }
  }

  @Override
  public void close() throws Exception {
    if (Files.exists(directory.resolve("restored.pid"))) {
      int pid = restoredPid();
      ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
      LauncherRun.awaitEnd(pid);
    }
    container.close();
  }
}
