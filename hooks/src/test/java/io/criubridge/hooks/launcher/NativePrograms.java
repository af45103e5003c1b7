// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.launcher;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The launcher and the plugin, compiled from this tree, with {@link StubWorker} as their JVM. */
record NativePrograms(Path dist) {
  private static final Path SOURCES = Path.of("src/main/c").toAbsolutePath();

  /** What a program printed (stdout and stderr) and its exit code. */
  record Result(int exitCode, String output) {}

  static NativePrograms build(Path dist) throws Exception {
    Path script = Path.of("../scripts/build-native").toAbsolutePath().normalize();
    mustSucceed(run(Map.of(), List.of(script.toString(), dist.toString())));
    Path conf = dist.resolve("lib/java/jvm.conf");
    Files.createDirectories(conf.getParent());
    Path classes =
        Path.of(StubWorker.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    List<String> lines =
        List.of(
            "# the stub",
            Path.of(System.getProperty("java.home"), "bin/java").toString(),
            "",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Ddist=@dist@/x:@dist@",
            "own: -Dof.java=this",
            "dump: -Dof.operation=dump",
            "restore: -Dof.operation=restore",
            "cli: -Dof.operation=none",
            "transcoding: -Dof.operation=none",
            "-cp",
            classes.toString(),
            StubWorker.class.getName());
    Files.write(conf, lines);
    return new NativePrograms(dist);
  }

  Path launcher() {
    return dist.resolve("bin/criu-bridge-hook");
  }

  Path command() {
    return dist.resolve("bin/criu-bridge");
  }

  Path pluginDirectory() {
    return dist.resolve("lib/criu");
  }

  Path conf() {
    return dist.resolve("lib/java/jvm.conf");
  }

  /** Compiles a C program out of the given sources of the product and one of the tests. */
  static Path compile(Path output, String... arguments) throws Exception {
    String command =
        "gcc -std=gnu11 -O1 -g -Wall -Wextra -Werror -D_GNU_SOURCE -I %s -o %s %s"
            .formatted(SOURCES, output, String.join(" ", arguments));
    mustSucceed(run(Map.of(), List.of("sh", "-c", command)));
    return output;
  }

  static String sources(String... names) {
    StringBuilder paths = new StringBuilder();
    for (String name : names) {
      paths.append(SOURCES.resolve(name)).append(".c ");
    }
    return paths.toString();
  }

  static Result run(Map<String, String> environment, List<String> command) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    return finish(builder.start(), command);
  }

  static void mustSucceed(Result result) {
    if (result.exitCode() != 0) {
      throw new AssertionError(result.exitCode() + ": " + result.output());
    }
  }

  /** Waits for the end of the process and of its output: whoever keeps that open is noticed. */
  static Result finish(Process process, List<String> command) throws Exception {
    process.getOutputStream().close();
    Thread watchdog = new Thread(() -> destroyLate(process));
    watchdog.setDaemon(true);
    watchdog.start();
    String output = new String(process.getInputStream().readAllBytes(), ISO_8859_1);
    int exitCode = process.waitFor();
    watchdog.interrupt();
    if (exitCode == 128 + 9) {
      throw new AssertionError("took too long: " + command + ": " + output);
    }
    return new Result(exitCode, output);
  }

  private static void destroyLate(Process process) {
    try {
      if (!process.waitFor(90, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException inTime) {
      // that is what was hoped for
    }
  }

  static void write(Path file, String... lines) throws IOException {
    Files.writeString(file, String.join("\n", lines) + "\n", UTF_8);
  }
}
