// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.images;

import static org.assertj.core.api.Assertions.assertThat;

import io.criubridge.fixtures.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * A program of test-fixtures that CRIU dumps and restores: in a session of its own, with no file of
 * the test's open. Nothing of it is left at the end.
 */
final class ProgramUnderCriu implements AutoCloseable {
  private final Path place;
  private final String criu;
  private final Path program;

  /** The host's PID of its first process. */
  private long pid;

  /** Compiles it. */
  ProgramUnderCriu(Path place, String criu, String name) throws Exception {
    this.place = place;
    this.criu = criu;
    program = place.resolve(name);
    String source = Fixtures.path("src/main/c/" + name + ".c").toString();
    run("gcc", "-std=gnu11", "-D_GNU_SOURCE", "-O2", "-static", "-o", program.toString(), source);
  }

  Path program() {
    return program;
  }

  long pid() {
    return pid;
  }

  /**
   * Starts it.
   *
   * @param namespaces options of {@code unshare}; in a network of its own the loopback is up
   */
  void start(List<String> namespaces, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("setsid", "unshare"));
    command.addAll(namespaces);
    if (namespaces.contains("--net")) {
      command.addAll(List.of("sh", "-c", "ip link set lo up; exec \"$@\"", "sh"));
    }
    command.add(program.toString());
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    pid = process.pid();
    if (namespaces.contains("--fork")) {
      await("the child of unshare", () -> process.children().findAny().isPresent());
      pid = process.children().findAny().orElseThrow().pid();
    }
  }

  /** Dumps and ends it. */
  void dump(Path images, String... options) throws Exception {
    List<ProcessHandle> all = processes();
    criu("dump", images, Stream.concat(Stream.of("-t", Long.toString(pid)), Stream.of(options)));
    // A PID is free once init has taken notice of the end of what fell to it.
    await(
        "the end of all that was dumped", () -> all.stream().noneMatch(ProgramUnderCriu::isThere));
  }

  /** Restores it. */
  void restore(Path images, String... options) throws Exception {
    Path file = place.resolve("restored.pid");
    pid = 0;
    criu(
        "restore",
        images,
        Stream.concat(Stream.of("-d", "--pidfile", file.toString()), Stream.of(options)));
    pid = Long.parseLong(Files.readString(file));
  }

  /** Waits for a file that it makes, and reads it. */
  String await(Path file) throws IOException {
    await(file.toString(), () -> Files.exists(file) || !ProcessHandle.of(pid).isPresent());
    return Files.readString(file);
  }

  /** Its processes, the first one first. */
  List<ProcessHandle> processes() {
    ProcessHandle first = ProcessHandle.of(pid).orElseThrow();
    return Stream.concat(Stream.of(first), first.descendants()).toList();
  }

  private void criu(String verb, Path images, Stream<String> options) throws Exception {
    Stream<String> command =
        Stream.of(criu, verb, "-D", images.toString(), "-o", log(verb).toString());
    run(Stream.concat(command, options).toArray(String[]::new));
  }

  private Path log(String verb) {
    return place.resolve(verb + ".log");
  }

  /** Runs a command to its end and gives what it said; if it fails, with CRIU's logs. */
  String run(String... command) throws Exception {
    Path out = place.resolve("out");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile()).start();
    boolean inTime = process.waitFor(60, TimeUnit.SECONDS);
    process.destroyForcibly();
    String said = Files.readString(out);
    String log = said;
    for (String verb : new String[] {"dump", "restore"}) {
      log += Files.exists(log(verb)) ? Files.readString(log(verb)) : "";
    }
    assertThat(inTime && process.exitValue() == 0)
        .as(String.join(" ", command) + "\n" + log)
        .isTrue();
    return said;
  }

  private static boolean isThere(ProcessHandle process) {
    return Files.exists(Path.of("/proc/" + process.pid()));
  }

  private static void await(String what, BooleanSupplier isSo) {
    for (int i = 0; i < 400 && !isSo.getAsBoolean(); i++) {
      java.util.concurrent.locks.LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(25));
    }
    assertThat(isSo.getAsBoolean()).as("waited for " + what).isTrue();
  }

  @Override
  public void close() {
    if (pid > 0 && ProcessHandle.of(pid).isPresent()) {
      processes().forEach(ProcessHandle::destroyForcibly);
    }
  }
}
