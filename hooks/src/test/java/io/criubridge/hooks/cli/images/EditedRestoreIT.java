// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.images;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
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
    InetAddress old = InetAddress.getByName("127.0.0.1");
    InetAddress moved = InetAddress.getByName("127.0.0.2");
    Path images = Files.createDirectory(place.resolve("images"));
    Path edited = place.resolve("edited");
    int port;
    int movedPort;
    try (ServerSocket peer = new ServerSocket(0, 1, old);
        ServerSocket free = new ServerSocket(0, 1, moved)) {
      port = start(place, place.toString(), port(peer));
      movedPort = free.getLocalPort();
      try (Socket connection = peer.accept()) {
        assertThat(connection.isConnected()).isTrue();
        assertThat(ask(old, port)).isEqualTo("open");
        dump(images);
      }
    }
    edit(
        images,
        edited,
        "--close-without-peer",
        "--address",
        "127.0.0.1:%d=127.0.0.2:%d".formatted(port, movedPort));
    restore(edited);
    assertThat(ask(moved, movedPort)).isEqualTo("closed");
    assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> ask(old, port));
  }

  @Test
  void externalMount_isGivenByItsNewKey() throws Exception {
    InetAddress loopback = InetAddress.getByName("127.0.0.1");
    Path images = Files.createDirectory(place.resolve("images"));
    Path edited = place.resolve("edited");
    Path root = root("root");
    Path volume = Files.createDirectory(place.resolve("volume"));
    Path other = Files.createDirectory(place.resolve("other"));
    int port;
    try (ServerSocket peer = new ServerSocket(0, 1, loopback)) {
      port = start(volume, root.toString(), volume.toString(), port(peer));
      try (Socket connection = peer.accept()) {
        assertThat(connection.isConnected()).isTrue();
        dump(images, "--external", "mnt[/volume]:old");
      }
    }
    edit(images, edited, "--close-without-peer", "--mount-key", "old=new");
    Path newRoot = root("new-root");
    run("mount", "--bind", newRoot.toString(), newRoot.toString());
    try {
      run("mount", "--make-private", newRoot.toString());
      restore(edited, "--root", newRoot.toString(), "--external", "mnt[new]:" + other);
      assertThat(ask(loopback, port)).isEqualTo("closed");
      assertThat(Files.readString(Path.of("/proc/" + pid + "/mountinfo")))
          .contains(other + " /volume ")
          .doesNotContain(volume + " /volume ");
    } finally {
      run("umount", newRoot.toString());
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

  private Path root(String name) throws IOException {
    Path root = Files.createDirectory(place.resolve(name));
    Files.createDirectory(root.resolve("old"));
    Files.createDirectory(root.resolve("volume"));
    Files.copy(place.resolve("listener"), root.resolve("listener"), COPY_ATTRIBUTES);
    return root;
  }

  private void dump(Path images, String... more) throws Exception {
    Stream<String> common = Stream.of("-t", Long.toString(pid), "--tcp-established");
    criu("dump", images, Stream.concat(common, Stream.of(more)));
  }

  private void restore(Path images, String... more) throws Exception {
    criu("restore", images, Stream.concat(Stream.of("-d"), Stream.of(more)));
  }

  private void criu(String verb, Path images, Stream<String> more) throws Exception {
    Path log = place.resolve(verb + ".log");
    Stream<String> common =
        Stream.of(CRIU.toString(), verb, "-D", images.toString(), "-o", log.toString());
    Stream<String> all =
        Stream.concat(Stream.concat(common, Stream.of("--network-lock", "skip")), more);
    run(all.toArray(String[]::new));
  }

  private static void edit(Path images, Path edited, String... more) {
    Stream<String> common = Stream.of("edit", images.toString(), "-o", edited.toString());
    String[] all = Stream.concat(common, Stream.of(more)).toArray(String[]::new);
    assertThat(new CommandLine(new Images()).execute(all)).isZero();
  }

  private static String port(ServerSocket socket) {
    return Integer.toString(socket.getLocalPort());
  }

  /**
   * A session of its own, and no file of the test's: what CRIU can dump without being told more.
   */
  private int start(Path portFile, String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add("setsid");
    command.add(place.resolve("listener").toString());
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    pid = process.pid();
    Path port = portFile.resolve("port");
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
