// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A place for one end-to-end test: real CRIU, runc and overlayfs in a private directory, and
 * nothing left of it afterwards. What is missing fails the test by name.
 */
final class Lab implements AutoCloseable {

  static final Path DIST = Path.of(System.getProperty("criu-bridge.dist", "../dist"));
  static final Path HOOK = DIST.resolve("bin/criu-bridge-hook").toAbsolutePath().normalize();
  static final Path LIB_DIRECTORY = DIST.resolve("lib/criu").toAbsolutePath().normalize();

  private static final String CONTAINER = "../test-fixtures/src/main/sh/container";

  private final Path directory;
  private final Path criu;
  private final Optional<Node> node;
  private final String container;
  private final List<Path> containers = new ArrayList<>();
  private final List<Path> mounts = new ArrayList<>();
  private final Commands commands;

  /**
   * Makes a lab.
   *
   * @param criu the criu program to use
   */
  Lab(Path criu) throws IOException {
    this(criu, place(criu), Optional.empty());
    environment("CRIU_BRIDGE_RUN_DIR", directory.resolve("run").toString());
    environment("CRIU_BRIDGE_CONFIG", directory.resolve("config.yaml").toString());
    buildTools();
  }

  private Lab(Path criu, Path directory, Optional<Node> node) {
    this.criu = criu;
    this.directory = directory;
    this.node = node;
    commands = new Commands(directory, node.map(Node::within).orElse(List.of()));
    container = node.map(n -> n.container().toString()).orElse(CONTAINER);
  }

  /**
   * Makes a lab on a node of its own, where all commands run.
   *
   * @param runcConf what CRIU's settings for runc are before criu-bridge is installed
   */
  static Lab onNode(String runcConf) throws IOException, InterruptedException {
    Path criu = Path.of("/opt/criu4/bin/criu");
    Path directory = place(criu);
    Lab lab = new Lab(criu, directory, Optional.of(Node.install(directory, runcConf)));
    lab.commands.environment(Node.environment());
    lab.buildTools();
    return lab;
  }

  private static Path place(Path criu) throws IOException {
    assertThat(HOOK).as("run scripts/build first").isExecutable();
    assertThat(criu).as("run scripts/setup --tests first").isExecutable();
    return Files.createTempDirectory("criu-bridge-it");
  }

  private void buildTools() {
    run(container, "build-tools", path("tools").toString()).ok();
  }

  /** The node that the lab is on. */
  Node node() {
    return node.orElseThrow();
  }

  Path path(String name) {
    return directory.resolve(name);
  }

  /** Sets a variable for every command from now on. */
  void environment(String name, String value) {
    commands.environment(Map.of(name, value));
  }

  /** Writes the node's configuration file. */
  void configure(String yaml) throws IOException {
    Files.writeString(path("config.yaml"), yaml);
  }

  /** Starts the fixture container; its files are in {@link #path} of that name. */
  int startContainer(String name) {
    containers.add(path(name));
    Result started = run(container, "start", path(name).toString(), path("tools").toString());
    started.ok();
    return containerPid(name);
  }

  /** Starts a container of another's image that only waits; its first process is busybox. */
  int startPlaceholder(String name, String of) {
    containers.add(path(name));
    String image = path(of).toString();
    run(container, "placeholder", path(name).toString(), image, path("tools").toString()).ok();
    return containerPid(name);
  }

  int containerPid(String name) {
    return Integer.parseInt(run(container, "pid", path(name).toString()).ok().output().strip());
  }

  /** Ends a container and unmounts its root, but leaves its files. */
  void stopContainer(String name) {
    run(container, "stop", path(name).toString()).ok();
  }

  /** Mounts a fresh overlay of a container's image and gives its root. */
  Path freshRoot(String name, String ofContainer) throws IOException {
    containers.add(path(name));
    Files.createDirectories(path(name));
    Files.copy(path(ofContainer).resolve("id"), path(name).resolve("id"));
    run(container, "root", path(name).toString(), path(ofContainer).toString()).ok();
    return path(name).resolve("rootfs");
  }

  /** Makes a directory for images. */
  Path images(String name) throws IOException {
    return Files.createDirectory(path(name));
  }

  /** Makes a directory for images on a file system of its own of that size. */
  Path smallImages(String name, String size) throws IOException {
    Path images = images(name);
    run("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", images.toString()).ok();
    mounts.add(images);
    return images;
  }

  /** Runs {@code criu dump} with the bridge. */
  Result dump(int pid, Path images, String... more) {
    return withBridge("dump", images, "-t", Integer.toString(pid), more);
  }

  /** Runs {@code criu restore} with the bridge. */
  Result restore(Path images, Path root, String... more) {
    return withBridge("restore", images, "--root", root.toString(), more);
  }

  private Result withBridge(
      String operation, Path images, String option, String value, String... more) {
    List<String> options = new ArrayList<>(List.of(option, value));
    options.addAll(List.of("--action-script", HOOK.toString()));
    options.addAll(List.of("--libdir", LIB_DIRECTORY.toString()));
    options.addAll(List.of(more));
    return criu(operation, images, options.toArray(String[]::new));
  }

  /** Runs criu; its log is {@code <operation>.log} in the images. */
  Result criu(String operation, Path images, String... more) {
    List<String> command =
        new ArrayList<>(
            List.of(
                criu.toString(),
                operation,
                "-D",
                images.toString(),
                "-o",
                operation + ".log",
                "-v4"));
    if (operation.equals("restore")) {
      command.addAll(List.of("-d", "--pidfile", path("restored.pid").toString()));
    }
    command.addAll(List.of(more));
    try {
      Files.deleteIfExists(path("restored.pid"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Result result = run(command.toArray(String[]::new));
    int at = command.indexOf("-W");
    Path logs = at < 0 ? images : Path.of(command.get(at + 1));
    return new Result(result.exitCode(), result.output(), text(logs.resolve(operation + ".log")));
  }

  /** The host PID of the root process of the last restore. */
  int restoredPid() {
    return Integer.parseInt(text(path("restored.pid")).strip());
  }

  /** Runs a command to its end. */
  Result run(String... command) {
    return start(command).end();
  }

  /** Starts a command, which may run beside others. */
  Commands.Started start(String... command) {
    return commands.start(command);
  }

  /** A command with the variables that every command has. */
  ProcessBuilder builder(List<String> command) {
    return commands.builder(command);
  }

  /** Writes an executable script. */
  Path script(String name, String text) throws IOException {
    Path script = path(name);
    Files.writeString(script, "#!/bin/sh\n" + text);
    assertThat(script.toFile().setExecutable(true)).isTrue();
    return script;
  }

  /** The run directories that are there. */
  List<Path> runDirectories() {
    Path runs = node.map(n -> n.file("/run/criu-bridge")).orElse(path("run"));
    if (!Files.isDirectory(runs)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(runs)) {
      return entries.toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until something is so; fails after ten seconds. */
  static void await(String what, BooleanSupplier isSo) {
    Instant end = Instant.now().plusSeconds(10);
    while (!isSo.getAsBoolean()) {
      if (Instant.now().isAfter(end)) {
        throw new AssertionError("waited 10 s in vain: " + what);
      }
      java.util.concurrent.locks.LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
    }
  }

  /** Waits until no worker is left. */
  void awaitNoWorker() {
    await("no run directory is left", () -> runDirectories().isEmpty());
  }

  static String text(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file, UTF_8) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    containers.forEach(started -> run(container, "stop", started.toString()));
    mounts.forEach(mount -> run("umount", "-l", mount.toString()));
    node.ifPresent(Node::close);
    new Commands(directory, List.of())
        .start("rm", "-rf", "--one-file-system", directory.toString())
        .end();
  }

  /**
   * How a command ended.
   *
   * @param exitCode its exit code
   * @param output what it printed
   * @param log CRIU's log
   */
  record Result(int exitCode, String output, String log) {

    Result ok() {
      assertThat(exitCode).as("%s%n%s", output, tail(log)).isZero();
      return this;
    }

    Result failed() {
      assertThat(exitCode).as(log).isNotZero();
      return this;
    }

    /** The lines of criu-bridge in CRIU's log. */
    String bridgeLines() {
      return log.lines()
          .filter(line -> line.contains("criu-bridge "))
          .collect(Collectors.joining("\n"));
    }

    private static String tail(String log) {
      List<String> lines = log.lines().toList();
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
    }
  }
}
