// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.edit;

import static io.criubridge.images.edit.GeneratedSockets.inet;
import static io.criubridge.images.edit.GeneratedSockets.unix;
import static io.criubridge.images.edit.GeneratedSockets.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.protobuf.ByteString;
import io.criubridge.fixtures.Fixtures;
import io.criubridge.images.ImageFormatException;
import io.criubridge.images.ImageSet;
import io.criubridge.images.Mount;
import io.criubridge.images.files.InetSocket;
import io.criubridge.images.files.OpenFiles;
import io.criubridge.images.files.SocketState;
import io.criubridge.images.files.UnixSocket;
import io.criubridge.images.proto.fd_types;
import io.criubridge.images.proto.file_entry;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Edits say what they do, do no more, and leave nothing when they fail. */
class ImageEditTest {
  private static final int[] LOOPBACK = {0x0100007f};
  private static final int[] FD00_1 = {0xfd, 0, 0, 0x01000000};
  private static final int[] MAPPED_LOOPBACK = {0, 0, 0xffff0000, 0x0100007f};

  @TempDir private Path place;
  private Path to;

  @BeforeEach
  void makeDirectory() throws IOException {
    to = Files.createDirectory(place.resolve("to"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"4.1.1/container", "4.2.1/container"})
  void mountKey_isAllThatChanges(String name) throws IOException {
    Path from = Fixtures.images(name);
    ImageEdit.Result result =
        new ImageEdit()
            .mountKey(bytes("/volume"), bytes("elsewhere"))
            .write(new ImageSet(from), to);
    assertThat(result).isEqualTo(new ImageEdit.Result(1, 0, 0, 0));
    assertThat(keys(to)).contains(bytes("elsewhere")).doesNotContain(bytes("/volume"));
    assertThat(keys(to)).hasSameSizeAs(keys(from));
    Map<String, byte[]> before = contents(from);
    Map<String, byte[]> after = contents(to);
    assertThat(after.keySet()).isEqualTo(before.keySet());
    assertThat(before.keySet())
        .filteredOn(file -> !Arrays.equals(before.get(file), after.get(file)))
        .containsExactly("mountpoints-13.img");
  }

  @Test
  void keyThatIsNotThere_isNamed() {
    ImageSet set = new ImageSet(Fixtures.images("4.2.1/container"));
    assertThatIOException()
        .isThrownBy(() -> new ImageEdit().mountKey(bytes("nowhere"), bytes("x")).write(set, to))
        .withMessageContaining("external key nowhere");
  }

  @Test
  void directoryThatIsNotEmpty_isLeftAlone() throws IOException {
    ImageSet set = new ImageSet(Fixtures.images("4.2.1/container"));
    Files.writeString(to.resolve("precious"), "x");
    assertThatExceptionOfType(DirectoryNotEmptyException.class)
        .isThrownBy(() -> new ImageEdit().write(set, to));
    assertThat(to.toFile().list()).containsExactly("precious");
  }

  @Test
  void parentLink_leadsToTheSameDumpFromElsewhere() throws IOException {
    Path before = Files.createDirectory(place.resolve("1"));
    Path from = copyOf("4.2.1/container");
    Files.createSymbolicLink(from.resolve("parent"), Path.of("../1"));
    Files.setPosixFilePermissions(
        from.resolve("pages-1.img"), PosixFilePermissions.fromString("rw-------"));
    Path below = Files.createDirectories(place.resolve("a/b/to"));
    new ImageEdit().write(new ImageSet(from), below);
    assertThat(below.resolve("parent").toRealPath()).isEqualTo(before.toRealPath());
    assertThat(Files.readSymbolicLink(below.resolve("parent"))).isRelative();
    assertThat(Files.getPosixFilePermissions(below.resolve("pages-1.img")))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void linkOrDirectoryInTheSet_isRefused() throws IOException {
    Path from = copyOf("4.2.1/container");
    Files.createSymbolicLink(from.resolve("pages-9.img"), Path.of("/etc/hostname"));
    assertThatIOException()
        .isThrownBy(() -> new ImageEdit().write(new ImageSet(from), to))
        .withMessageContaining("pages-9.img");
  }

  @Test
  void addresses_areMovedOnBothSidesAndFamilies() throws IOException {
    Path from = sockets();
    ImageEdit.Result result =
        new ImageEdit()
            .address(AddressChange.parse("127.0.0.1:80=10.0.0.2:8080"))
            .address(AddressChange.parse("127.0.0.1=10.0.0.3"))
            .address(AddressChange.parse("[fd00::1]:80=[fd00::2]:81"))
            .write(new ImageSet(from), to);
    assertThat(result.addresses()).isEqualTo(5);
    assertThat(ends(to))
        .containsExactly(
            "10.0.0.2:8080 0.0.0.0:*",
            "10.0.0.3:1000 10.0.0.2:8080",
            "10.0.0.2:8080 10.0.0.3:1000",
            "[fd00::2]:81 [::]:*",
            "[::ffff:10.0.0.2]:8080 [::]:*",
            "10.9.9.9:5 10.9.9.8:80");
  }

  @Test
  void connectionsWithoutPeer_areClosed() throws IOException {
    Path from = sockets();
    Files.write(from.resolve("tcp-stream-6.img"), new byte[1]);
    Files.write(from.resolve("tcp-stream-2.img"), new byte[1]);
    ImageEdit.Result result = new ImageEdit().closeWithoutPeer().write(new ImageSet(from), to);
    assertThat(result.closed()).isEqualTo(2);
    assertThat(to.resolve("tcp-stream-6.img")).doesNotExist();
    assertThat(to.resolve("tcp-stream-2.img")).exists();
    assertThat(ends(to)).endsWith("0.0.0.0:* 0.0.0.0:*").contains("127.0.0.1:1000 127.0.0.1:80");
    OpenFiles files = OpenFiles.read(new ImageSet(to));
    assertThat(((InetSocket) files.find(fd_types.INETSK, 6).orElseThrow()).state())
        .isEqualTo(SocketState.CLOSE);
    assertThat(unixSocket(files, 10).peerInode()).isZero();
    assertThat(unixSocket(files, 11).peerInode()).isEqualTo(12);
  }

  @Test
  void unixNames_areRenamed() throws IOException {
    new ImageEdit()
        .socketName(bytes("/run/old"), bytes("/run/new"))
        .socketName(bytes("\0abstract"), bytes("\0other"))
        .write(new ImageSet(sockets()), to);
    OpenFiles files = OpenFiles.read(new ImageSet(to));
    assertThat(unixSocket(files, 11).name()).contains(bytes("/run/new"));
    assertThat(unixSocket(files, 12).name()).contains(bytes("\0other"));
    file_entry entry = (file_entry) new ImageSet(to).entries("files.img").get(7).message();
    assertThat(entry.getUsk().getName()).isEqualTo(bytes("/run/new\0"));
  }

  @Test
  void socketWithoutAddresses_isDamage() throws IOException {
    Path from = Files.createDirectory(place.resolve("from"));
    write(from, inet(1, SocketState.LISTEN, new int[0], 80, new int[0], 0));
    assertThatExceptionOfType(ImageFormatException.class)
        .isThrownBy(
            () ->
                new ImageEdit()
                    .address(AddressChange.parse("10.0.0.1=10.0.0.2"))
                    .write(new ImageSet(from), to))
        .satisfies(e -> assertThat(e.offset()).isEqualTo(8));
  }

  @Test
  void addressChange_isOfOneFamily() {
    assertThat(AddressChange.parse("fd00::1=fd00::2").newAddress().size()).isEqualTo(16);
    for (String wrong :
        List.of(
            "1.2.3.4",
            "1.2.3.4=fd00::1",
            "a=b",
            "1.2.3.4=1.2.3.4:5",
            "1.2.3.4:0=1.2.3.4:5",
            "1.2.3.400=1.2.3.4",
            "localhost=127.0.0.1",
            "[fd00::1=fd00::2")) {
      assertThatIllegalArgumentException().isThrownBy(() -> AddressChange.parse(wrong));
    }
  }

  private Path sockets() throws IOException {
    Path from = Files.createDirectory(place.resolve("from"));
    int[] any = {0};
    write(
        from,
        inet(1, SocketState.LISTEN, LOOPBACK, 80, any, 0),
        inet(2, SocketState.ESTABLISHED, LOOPBACK, 1000, LOOPBACK, 80),
        inet(3, SocketState.ESTABLISHED, LOOPBACK, 80, LOOPBACK, 1000),
        inet(4, SocketState.LISTEN, FD00_1, 80, new int[4], 0),
        inet(5, SocketState.LISTEN, MAPPED_LOOPBACK, 80, new int[4], 0),
        inet(6, SocketState.ESTABLISHED, new int[] {0x0909090a}, 5, new int[] {0x0809090a}, 80),
        unix(10, 99, ""),
        unix(11, 12, "/run/old\0"),
        unix(12, 11, "\0abstract"));
    return from;
  }

  private static List<String> ends(Path directory) throws IOException {
    return OpenFiles.read(new ImageSet(directory)).all().stream()
        .filter(InetSocket.class::isInstance)
        .map(file -> ((InetSocket) file).local() + " " + ((InetSocket) file).remote())
        .toList();
  }

  private static UnixSocket unixSocket(OpenFiles files, long id) {
    return (UnixSocket) files.find(fd_types.UNIXSK, id).orElseThrow();
  }

  private static List<ByteString> keys(Path directory) throws IOException {
    List<ByteString> keys = new ArrayList<>();
    for (Mount mount : new ImageSet(directory).mounts()) {
      mount.externalKey().ifPresent(keys::add);
    }
    return keys;
  }

  private static Map<String, byte[]> contents(Path directory) throws IOException {
    Map<String, byte[]> contents = new TreeMap<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        contents.put(file.getFileName().toString(), Files.readAllBytes(file));
      }
    }
    return contents;
  }

  private Path copyOf(String name) throws IOException {
    Path copy = Files.createDirectory(place.resolve("copy"));
    try (Stream<Path> files = Files.list(Fixtures.images(name))) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    return copy;
  }

  private static ByteString bytes(String text) {
    return ByteString.copyFromUtf8(text);
  }
}
