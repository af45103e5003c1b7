// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.images;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What was edited is what CRIU restores. Needs root, gcc and CRIU. */
class EditedRestoreIT {
  /**
   * CRIU before 4.2 cannot dump a TCP socket on Linux 6.16 and later, which lack an option of it.
   */
  private static final String CRIU = "/opt/criu4.2/bin/criu";

  /** No firewall of the host's: whoever is connected is in this JVM. */
  private static final String[] UNLOCKED = {"--network-lock", "skip"};

  @TempDir private Path place;

  @Test
  void listener_isAtAnotherAddressAndItsConnectionClosed() throws Exception {
    InetAddress old = InetAddress.getByName("127.0.0.1");
    InetAddress moved = InetAddress.getByName("127.0.0.2");
    Path images = Files.createDirectory(place.resolve("images"));
    Path edited = place.resolve("edited");
    try (ProgramUnderCriu listener = new ProgramUnderCriu(place, CRIU, "listener")) {
      int port;
      int movedPort;
      try (ServerSocket peer = new ServerSocket(0, 1, old);
          ServerSocket free = new ServerSocket(0, 1, moved)) {
        listener.start(List.of(), place.toString(), port(peer));
        port = Integer.parseInt(listener.await(place.resolve("port")).strip());
        movedPort = free.getLocalPort();
        try (Socket connection = peer.accept()) {
          assertThat(connection.isConnected()).isTrue();
          assertThat(ask(old, port)).isEqualTo("open");
          listener.dump(images, with(UNLOCKED, "--tcp-established"));
        }
      }
      String change = "127.0.0.1:%d=127.0.0.2:%d".formatted(port, movedPort);
      edit(images, edited, "--close-without-peer", "--address", change);
      listener.restore(edited, UNLOCKED);
      assertThat(ask(moved, movedPort)).isEqualTo("closed");
      assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> ask(old, port));
    }
  }

  @Test
  void externalMount_isGivenByItsNewKey() throws Exception {
    InetAddress loopback = InetAddress.getByName("127.0.0.1");
    Path images = Files.createDirectory(place.resolve("images"));
    Path edited = place.resolve("edited");
    Path volume = Files.createDirectory(place.resolve("volume"));
    Path other = Files.createDirectory(place.resolve("other"));
    try (ProgramUnderCriu listener = new ProgramUnderCriu(place, CRIU, "listener")) {
      Path root = root(listener, "root");
      int port;
      try (ServerSocket peer = new ServerSocket(0, 1, loopback)) {
        listener.start(List.of(), root.toString(), volume.toString(), port(peer));
        port = Integer.parseInt(listener.await(volume.resolve("port")).strip());
        try (Socket connection = peer.accept()) {
          assertThat(connection.isConnected()).isTrue();
          listener.dump(
              images, with(UNLOCKED, "--tcp-established", "--external", "mnt[/volume]:old"));
        }
      }
      edit(images, edited, "--close-without-peer", "--mount-key", "old=new");
      String newRoot = root(listener, "new-root").toString();
      listener.run("mount", "--bind", newRoot, newRoot);
      try {
        listener.run("mount", "--make-private", newRoot);
        listener.restore(
            edited, with(UNLOCKED, "--root", newRoot, "--external", "mnt[new]:" + other));
        assertThat(ask(loopback, port)).isEqualTo("closed");
        assertThat(Files.readString(Path.of("/proc/" + listener.pid() + "/mountinfo")))
            .contains(other + " /volume ")
            .doesNotContain(volume + " /volume ");
      } finally {
        listener.run("umount", newRoot);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/opt/criu4/bin/criu", "/opt/criu4.2/bin/criu"})
  void unixSocket_listensAtItsNewName(String criu) throws Exception {
    Path images = Files.createDirectory(place.resolve("images"));
    Path edited = place.resolve("edited");
    try (ProgramUnderCriu kinds = new ProgramUnderCriu(place, criu, "kinds")) {
      kinds.start(List.of("--ipc", "--net", "--uts"), place.toString());
      kinds.await(place.resolve("ready"));
      assertThat(unixSockets(kinds)).contains(" @abs=tract\u00ff\n").doesNotContain("@other");
      kinds.dump(images, "--file-locks");
      edit(images, edited, "--socket-name", "@abs\\x3dtract\\xff=@other");
      kinds.restore(edited, "--file-locks");
      // CRIU gives a name back to the one that listens, not to those that it has accepted.
      assertThat(unixSockets(kinds)).containsOnlyOnce(" @other\n");
      assertThat(unixSockets(kinds)).doesNotContain("abs=tract");
    }
  }

  private static String unixSockets(ProgramUnderCriu program) throws IOException {
    return Files.readString(Path.of("/proc/%d/net/unix".formatted(program.pid())), ISO_8859_1);
  }

  private Path root(ProgramUnderCriu listener, String name) throws IOException {
    Path root = Files.createDirectory(place.resolve(name));
    Files.createDirectory(root.resolve("old"));
    Files.createDirectory(root.resolve("volume"));
    Files.copy(listener.program(), root.resolve("listener"), COPY_ATTRIBUTES);
    return root;
  }

  private static String[] with(String[] some, String... more) {
    return Stream.concat(Stream.of(some), Stream.of(more)).toArray(String[]::new);
  }

  private static void edit(Path images, Path edited, String... more) {
    String[] common = {"edit", images.toString(), "-o", edited.toString()};
    assertThat(new CommandLine(new Images()).execute(with(common, more))).isZero();
  }

  private static String port(ServerSocket socket) {
    return Integer.toString(socket.getLocalPort());
  }

  private static String ask(InetAddress address, int port) throws IOException {
    try (Socket socket = new Socket(address, port)) {
      return new String(socket.getInputStream().readAllBytes(), UTF_8).strip();
    }
  }
}
