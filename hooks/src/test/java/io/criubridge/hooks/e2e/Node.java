// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A throw-away copy of this machine with criu-bridge installed on it as on a node: no CRIU run
 * there is told of it. Its processes and control groups are this machine's.
 */
final class Node implements AutoCloseable {

  private static final Path FIXTURES = Path.of("../test-fixtures/src/main");
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final Path directory;
  private final Process holder;

  private Node(Path directory, Process holder) {
    this.directory = directory;
    this.holder = holder;
  }

  /**
   * Copies this machine and installs criu-bridge.
   *
   * @param directory seen there too, at its own path
   * @param runcConf what CRIU's settings for runc are before
   */
  static Node install(Path directory, String runcConf) throws IOException, InterruptedException {
    Path copies = Files.createDirectory(directory.resolve("node"));
    // What lies below /tmp, or on a file system of its own, is out of sight there.
    finish(start(copies, "cp", "-r", Lab.DIST.toString(), copies.resolve("dist").toString()));
    finish(start(copies, "cp", "-r", FIXTURES.toString(), copies.resolve("fixtures").toString()));
    Files.writeString(copies.resolve("runc.conf"), runcConf);
    String script =
        """
        set -e
        mkdir -p /etc/criu
        cp '%1$s/runc.conf' /etc/criu/
        '%1$s/dist/bin/criu-bridge' install
        touch '%1$s/up'
        exec sleep 3600
        """
            .formatted(copies);
    Process holder =
        start(
            copies,
            FIXTURES.resolve("sh/scratch-machine").toAbsolutePath().toString(),
            directory.toString(),
            "sh",
            "-c",
            script);
    Node node = new Node(directory, holder);
    while (!Files.exists(copies.resolve("up"))) {
      if (!holder.isAlive()) {
        throw new AssertionError("no node: " + Lab.text(copies.resolve("log")));
      }
      Thread.sleep(20);
    }
    return node;
  }

  private static Process start(Path copies, String... command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment());
    return builder
        .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
        .redirectOutput(ProcessBuilder.Redirect.appendTo(copies.resolve("log").toFile()))
        .start();
  }

  private static void finish(Process process) throws InterruptedException {
    assertThat(process.waitFor(LIMIT.toSeconds(), java.util.concurrent.TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
  }

  /** Of every process there: CRIU 4 is the criu, as on a node whose distribution is newer. */
  static Map<String, String> environment() {
    return Map.of(
        "PATH", "/opt/criu4/bin:" + System.getenv("PATH"), "CONTAINER_NODE_CONFIG", "yes");
  }

  /** What a command line begins with to be run there. */
  List<String> within() {
    return List.of("nsenter", "--mount=/proc/" + holder.pid() + "/ns/mnt", "--");
  }

  /** A file of the node, as seen from outside. */
  Path file(String path) {
    return Path.of("/proc/" + holder.pid() + "/root" + path);
  }

  /** The fixture container's script, there. */
  Path container() {
    return directory.resolve("node/fixtures/sh/container");
  }

  /** The node ends with its last process; its files go with the directory. */
  @Override
  public void close() {
    holder.destroyForcibly();
    holder.onExit().join();
  }
}
