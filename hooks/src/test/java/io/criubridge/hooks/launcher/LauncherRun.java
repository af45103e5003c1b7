// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.launcher;

import io.criubridge.hooks.launcher.NativePrograms.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A run of the launcher under a shell that stands for CRIU and holds the image directory open. */
final class LauncherRun implements AutoCloseable {
  private static final String HOLD = "exec 7<$1; printf r; sleep 600; :";

  final Path directory;
  final Path images;
  final Map<String, String> environment = new HashMap<>();
  private final NativePrograms programs;
  private final Path stub;
  private final List<Process> processes = new ArrayList<>();
  private Process criu;

  LauncherRun(NativePrograms programs, Path directory) throws Exception {
    this.programs = programs;
    this.directory = directory;
    images = Files.createDirectory(directory.resolve("images"));
    stub = Files.createDirectory(directory.resolve("stub"));
    environment.put("CRIU_BRIDGE_RUN_DIR", directory.resolve("run").toString());
    environment.put("CRIU_BRIDGE_CONFIG", directory.resolve("config.yaml").toString());
    environment.put("CRIU_BRIDGE_STUB", stub.toString());
    environment.put("CRIU_BRIDGE_PARTICIPATION", "always");
    criu = start("bash", "-c", HOLD, "criu", images.toString());
  }

  /** From now on CRIU is a process with these in its command line. */
  void replaceCriu(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("bash", "-c", HOLD, "criu", images.toString()));
    command.addAll(List.of(arguments));
    criu = start(command.toArray(String[]::new));
  }

  /** Starts a process that ends with this run; it prints an {@code r} when it is ready. */
  Process start(String... command) throws Exception {
    Process process = new ProcessBuilder(command).start();
    processes.add(process);
    if (process.getInputStream().read() != 'r') {
      throw new AssertionError("did not start: " + List.of(command));
    }
    return process;
  }

  long criuPid() {
    return criu.pid();
  }

  Result phase(String phase) throws Exception {
    return phase(phase, List.of(programs.launcher().toString()));
  }

  Result phase(String phase, List<String> command) throws Exception {
    Map<String, String> all = new HashMap<>(environment);
    all.put("CRTOOLS_SCRIPT_ACTION", phase);
    all.put("CRTOOLS_IMAGE_DIR", "/proc/" + criu.pid() + "/fd/7");
    return NativePrograms.run(all, command);
  }

  /** What the {@link StubWorker} is to do, by the name of the script. */
  void script(String name, String... commands) throws IOException {
    NativePrograms.write(stub.resolve(name), commands);
  }

  /** What the stub was asked, without pids. */
  List<String> log() throws IOException {
    return fullLog().stream().map(line -> line.replaceAll(" \\d+$", "")).toList();
  }

  /** The pids of the JVMs there have been. */
  List<Long> jvms() throws IOException {
    return fullLog().stream()
        .map(line -> Long.valueOf(line.substring(line.lastIndexOf(' ') + 1)))
        .distinct()
        .toList();
  }

  private List<String> fullLog() throws IOException {
    Path log = stub.resolve("log");
    return Files.exists(log) ? Files.readAllLines(log) : List.of();
  }

  /** The base directory of all runs. */
  Path base() {
    return Path.of(environment.get("CRIU_BRIDGE_RUN_DIR"));
  }

  Path runDirectory() throws IOException {
    String stat = Files.readString(Path.of("/proc/" + criu.pid() + "/stat"));
    String start = stat.substring(stat.lastIndexOf(')') + 2).split(" ")[19];
    return base().resolve(criu.pid() + "-" + start);
  }

  /** A zombie without further threads has ended: when its parent takes note is not our affair. */
  static boolean isRunning(long pid) throws IOException {
    Path proc = Path.of("/proc/" + pid);
    try (Stream<Path> threads = Files.list(proc.resolve("task"))) {
      return threads.count() > 1 || !Files.readString(proc.resolve("stat")).contains(") Z ");
    } catch (NoSuchFileException gone) {
      return false;
    }
  }

  static void awaitEnd(long pid) throws Exception {
    while (isRunning(pid)) {
      Thread.sleep(10);
    }
  }

  @Override
  public void close() throws Exception {
    for (Process process : processes) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
    }
    for (long jvm : jvms()) {
      awaitEnd(jvm);
    }
  }
}
