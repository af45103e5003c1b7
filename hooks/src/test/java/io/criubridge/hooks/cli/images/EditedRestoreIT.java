// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.images;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.criubridge.fixtures.Fixtures;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What was edited is what CRIU restores. Needs root, gcc and CRIU. */
class EditedRestoreIT {
  /**
   * CRIU before 4.2 cannot dump a TCP socket on Linux 6.16 and later, which lack an option of it.
   */
  private static final Path CRIU = Path.of("/opt/criu4.2/bin/criu");

  @TempDir private Path place;
  private long pid;

  @BeforeEach
  void build() throws Exception {
    run(
        "gcc",
        "-std=gnu11",
        "-D_GNU_SOURCE",
        "-O2",
        "-Wall",
        "-Wextra",
        "-Werror",
        "-static",
        "-o",
        place.resolve("listener").toString(),
        Fixtures.path("src/main/c/listener.c").toString());
  }

  @AfterEach
  void end() {
    if (pid > 0) {
      ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  @Test
  void listener_isAtAnotherAddressAndItsConnectionClosed() throws Exception {
    String criu = CRIU.toString();
    InetAddress old = InetAddress.getByName("127.0.0.1");
    InetAddress moved = InetAddress.getByName("127.0.0.2");
    Path images = Files.createDirectory(place.resolve("images"));
    Path edited = place.resolve("edited");
    int port;
    int movedPort;
    try (ServerSocket peer = new ServerSocket(0, 1, old);
        ServerSocket free = new ServerSocket(0, 1, moved)) {
      port = start(peer);
      movedPort = free.getLocalPort();
      try (Socket connection = peer.accept()) {
        assertThat(connection.isConnected()).isTrue();
        assertThat(ask(old, port)).isEqualTo("open");
        run(
            criu,
            "dump",
            "-t",
            Long.toString(pid),
            "-D",
            images.toString(),
            "--tcp-established",
            "--network-lock",
            "skip",
            "-o",
            place.resolve("dump.log").toString());
      }
    }
    int exit =
        new CommandLine(new Images())
            .execute(
                "edit",
                images.toString(),
                "-o",
                edited.toString(),
                "--close-without-peer",
                "--address",
                "127.0.0.1:%d=127.0.0.2:%d".formatted(port, movedPort));
    assertThat(exit).isZero();
    run(
        criu,
        "restore",
        "-d",
        "-D",
        edited.toString(),
        "--network-lock",
        "skip",
        "-o",
        place.resolve("restore.log").toString());
    assertThat(ask(moved, movedPort)).isEqualTo("closed");
    assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> ask(old, port));
  }

  /**
   * A session of its own, and no file of the test's: what CRIU can dump without being told more.
   */
  private int start(ServerSocket peer) throws Exception {
    Process process =
        new ProcessBuilder(
                "setsid",
                place.resolve("listener").toString(),
                place.toString(),
                Integer.toString(peer.getLocalPort()))
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    pid = process.pid();
    Path port = place.resolve("port");
    for (int i = 0; i < 200 && !Files.exists(port); i++) {
      assertThat(process.isAlive()).as("the listener").isTrue();
      TimeUnit.MILLISECONDS.sleep(50);
    }
    return Integer.parseInt(Files.readString(port).strip());
  }

  private static String ask(InetAddress address, int port) throws IOException {
    try (Socket socket = new Socket(address, port)) {
      return new String(socket.getInputStream().readAllBytes(), UTF_8).strip();
    }
  }

  private void run(String... command) throws Exception {
    Path out = place.resolve("out");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile()).start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    String log = Files.readString(out);
    for (String name : new String[] {"dump.log", "restore.log"}) {
      log += Files.exists(place.resolve(name)) ? Files.readString(place.resolve(name)) : "";
    }
    assertThat(process.exitValue()).as(String.join(" ", command) + "\n" + log).isZero();
  }
}
