// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.FileStat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TarReaderTest {

  private static TarMember member(BytePath path, TarType type, String link) {
    return new TarMember(
        path,
        type,
        07755,
        4_000_000_000L,
        0,
        new FileStat.Time(-2, 1),
        link,
        new FileStat.Device(type == TarType.CHARACTER_DEVICE ? 4095 : 0, 0),
        new TreeMap<>(
            Map.of("user.a=%3D", new byte[] {0, -1, '\n', '='}, "trusted.overlay.x", new byte[1])),
        SparseMap.EMPTY);
  }

  @Test
  void next_givesBackWhatTheWriterWrote() throws IOException {
    BytePath odd = BytePath.ofLatin1("/\u00ff\n/" + "x".repeat(5_000));
    List<TarMember> members =
        List.of(
            member(BytePath.ROOT, TarType.DIRECTORY, ""),
            member(odd, TarType.SYMLINK, "../" + "\u0080".repeat(500)),
            member(BytePath.of("/hard"), TarType.HARD_LINK, PaxRecords.text(odd.bytes())),
            member(BytePath.of("/dev"), TarType.CHARACTER_DEVICE, ""),
            member(BytePath.of("/" + "n".repeat(98)), TarType.FIFO, ""));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ArchiveOutput out = new ArchiveOutput(Channels.newChannel(bytes), new DiffProgress());
    TarWriter writer = new TarWriter(out, new DiffProgress());
    for (TarMember member : members) {
      writer.add(member);
    }
    writer.finish();
    out.finish();
    assertThat(bytes.size()).isEqualTo(out.bytes()).isPositive();
    assertThat(bytes.size() % 10_240).isZero();
    List<TarMember> read = TarBytes.read(bytes.toByteArray());
    assertThat(read)
        .usingRecursiveFieldByFieldElementComparatorIgnoringFields("link")
        .isEqualTo(members);
    assertThat(read.get(1).link()).isEqualTo(members.get(1).link());
    assertThat(BytePath.ofLatin1(read.get(2).link())).isEqualTo(odd);
  }

  @Test
  void next_dropsDotsFromNames() throws IOException {
    byte[] archive = new TarBytes().directory("./").file(".//./y", "2").bytes();
    assertThat(TarBytes.read(archive))
        .extracting(TarMember::path)
        .containsExactly(BytePath.ROOT, BytePath.of("/y"));
  }

  @Test
  void next_readsLongNamesOfGnuTar() throws IOException {
    String name = "d/".repeat(300) + "f";
    byte[] archive =
        new TarBytes()
            .entry("././@LongLink", 'L', "", name + "\0")
            .entry("././@LongLink", 'K', "", name + "\0")
            .symlink("short", "short")
            .bytes();
    TarMember member = TarBytes.read(archive).get(0);
    assertThat(member.path()).isEqualTo(BytePath.of(name));
    assertThat(member.link()).isEqualTo(name);
  }

  @Test
  void next_dropsAttributesThatBelongToTheNode() throws IOException {
    byte[] archive =
        new TarBytes()
            .pax("SCHILY.xattr.trusted.overlay.opaque", "y")
            .directory("a")
            .pax("SCHILY.xattr.security.selinux", "label")
            .directory("b")
            .pax("SCHILY.xattr.user.overlay.overlay", "y")
            .directory("c")
            .bytes();
    assertThat(TarBytes.read(archive)).allSatisfy(m -> assertThat(m.xattrs()).isEmpty());
  }

  @Test
  void next_givesBackTheNamesThatAnOverlayEscapes() throws IOException {
    byte[] archive =
        new TarBytes()
            .pax("SCHILY.xattr.trusted.overlay.overlay.opaque", "y")
            .directory("a")
            .pax("SCHILY.xattr.user.overlay.overlay.overlay.x", "y")
            .directory("b")
            .bytes();
    assertThat(TarBytes.read(archive))
        .extracting(member -> member.xattrs().firstKey())
        .containsExactly("trusted.overlay.opaque", "user.overlay.overlay.x");
  }

  static Stream<Arguments> hostile() {
    String pax = "30 path=x\n";
    return Stream.of(
        Arguments.of("../x", new TarBytes().file("a/../x", "")),
        Arguments.of("NUL", new TarBytes().pax("path", "a\0b").file("x", "")),
        Arguments.of("NUL", new TarBytes().pax("linkpath", "a\0b").symlink("x", "")),
        Arguments.of("'evil'", new TarBytes().entry("evil", 'V', "", "")),
        Arguments.of("type '\\x0a'", new TarBytes().entry("evil", '\n', "", "")),
        Arguments.of("size -1", new TarBytes().pax("size", "-1").file("x", "")),
        Arguments.of("9999", new TarBytes().pax("uid", "99999999999").file("x", "")),
        Arguments.of("time", new TarBytes().pax("mtime", "1e999999999").file("x", "")),
        Arguments.of("wrong length", new TarBytes().entry("p", 'x', "", pax).file("x", "")),
        Arguments.of("1048577", new TarBytes().entry("p", 'x', "", "x".repeat(1_048_577))),
        Arguments.of("name", new TarBytes().pax("path", "x".repeat(65_537)).file("x", "")),
        Arguments.of("70000", new TarBytes().entry("p", 'L', "", "x".repeat(70_000))),
        Arguments.of("'second'", own("first", 'a').raw(own("second", 'b').withoutEnd())),
        Arguments.of("'second'", own("first", 'a').raw(own("second", 'a').withoutEnd())),
        Arguments.of("'g2'", global("g1", 'a').raw(global("g2", 'b').withoutEnd())),
        Arguments.of("65537", new TarBytes().entry("g", 'g', "", "x".repeat(65_537))),
        Arguments.of("middle of", new TarBytes().pax("path", "x")),
        Arguments.of("offset 512", new TarBytes().file("x", "").raw(garbage())));
  }

  /** Over half of what the headers of an entry may have, in many records. */
  private static TarBytes own(String name, char key) {
    return new TarBytes().entry(name, 'x', "", records(key, 600_000));
  }

  private static TarBytes global(String name, char key) {
    return new TarBytes().entry(name, 'g', "", records(key, 40_000));
  }

  private static String records(char key, int bytes) {
    Map<String, byte[]> records = new TreeMap<>();
    for (int i = 0; i < bytes / 100; i++) {
      records.put(key + String.format("%05d", i), new byte[90]);
    }
    return PaxRecords.text(PaxRecords.encode(records));
  }

  @Test
  void next_takesGlobalHeadersThatReplaceEachOther() throws IOException {
    TarBytes archive = new TarBytes();
    for (int i = 0; i < 50; i++) {
      archive.raw(global("g", 'a').withoutEnd()).raw(own("x", 'b').file("f" + i, "").withoutEnd());
    }
    assertThat(TarBytes.read(archive.bytes())).hasSize(50);
  }

  @Test
  void next_takesWhatAMemberSaysOfItselfBeforeWhatIsSaidOfAll() throws IOException {
    String all = "SCHILY.xattr.user.all";
    Map<String, byte[]> records = new TreeMap<>();
    records.put(all, PaxRecords.bytes("global"));
    records.put("SCHILY.acl.access", PaxRecords.bytes("user::rwx,group::r-x,other::---"));
    records.put(PaxRecords.MTIME, PaxRecords.bytes("5"));
    byte[] archive =
        new TarBytes()
            .entry("g", 'g', "", PaxRecords.text(PaxRecords.encode(records)))
            .file("first", "")
            .pax(PaxRecords.MTIME, "7")
            .pax(all, "own")
            .file("second", "")
            .bytes();
    List<TarMember> read = TarBytes.read(archive);
    assertThat(read).extracting(member -> member.modified().seconds()).containsExactly(5L, 7L);
    assertThat(read)
        .extracting(member -> PaxRecords.text(member.xattrs().get("user.all")))
        .containsExactly("global", "own");
    assertThat(read)
        .allSatisfy(member -> assertThat(member.xattrs()).containsKey("system.posix_acl_access"));
  }

  private static byte[] garbage() {
    byte[] block = new byte[512];
    Arrays.fill(block, (byte) 'z');
    return block;
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void next_refusesAndNames(String named, TarBytes archive) {
    assertThatExceptionOfType(TarFormatException.class)
        .isThrownBy(() -> TarBytes.read(archive.bytes()))
        .withMessageContaining(named);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 511, 512, 700, 1023})
  void next_refusesAnArchiveCutShort(int length) {
    byte[] whole = new TarBytes().file("x", "content").withoutEnd();
    assertThatExceptionOfType(TarFormatException.class)
        .isThrownBy(() -> TarBytes.read(Arrays.copyOf(whole, length)))
        .withMessageContaining("ends too early");
  }

  @Test
  void next_refusesANegativeBase256Size() {
    byte[] header = new TarBytes().file("x", "").withoutEnd();
    Arrays.fill(header, 124, 136, (byte) 0xff);
    TarBytes.mendChecksum(header, 0);
    assertThatExceptionOfType(TarFormatException.class)
        .isThrownBy(() -> TarBytes.read(Arrays.copyOf(header, 2048)))
        .withMessageContaining("size -1");
  }

  static Stream<Arguments> brokenMaps() {
    return Stream.of(
        Arguments.of("1.0", "100", "1\n0\n4\n", "another length"),
        Arguments.of("1.0", "2", "1\n0\n4\n", "out of order"),
        Arguments.of("1.0", "100", "2\n50\n4\n0\n4\n", "out of order"),
        Arguments.of("1.0", "100", "99999999\n", "segments"),
        Arguments.of("1.0", "100", "x\n", "damaged"),
        Arguments.of("1.0", "100", "3\n", "damaged"),
        Arguments.of("1.0", "-5", "0\n", "size -5"),
        Arguments.of("2.0", "100", "0\n", "sparse format 2.0"));
  }

  @ParameterizedTest
  @MethodSource("brokenMaps")
  void next_refusesABrokenSparseMap(String version, String size, String map, String named) {
    Map<String, byte[]> records = new TreeMap<>();
    records.put(PaxRecords.SPARSE_MAJOR, PaxRecords.bytes(version.substring(0, 1)));
    records.put(PaxRecords.SPARSE_MINOR, PaxRecords.bytes(version.substring(2)));
    records.put(PaxRecords.SPARSE_REAL_SIZE, PaxRecords.bytes(size));
    byte[] archive =
        new TarBytes()
            .entry("pax", 'x', "", PaxRecords.text(PaxRecords.encode(records)))
            .file("x", map + "\0".repeat(512 - map.length()))
            .bytes();
    assertThatExceptionOfType(TarFormatException.class)
        .isThrownBy(() -> TarBytes.read(archive))
        .withMessageContaining(named);
  }

  @Test
  void next_failsOnlyByIOExceptionWhateverTheBytes() throws IOException {
    byte[] good =
        new TarBytes()
            .pax("SCHILY.xattr.user.a", "b")
            .file("x", "content")
            .pax(PaxRecords.MTIME, "1.5")
            .directory("d")
            .pax("GNU.sparse.map", "0,3,5,4")
            .entry("old", 'S', "", "content")
            .symlink("link", "x")
            .bytes();
    Random random = new Random(11);
    for (int round = 0; round < 20_000; round++) {
      byte[] bad = good.clone();
      for (int i = random.nextInt(4); i >= 0; i--) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
      }
      for (int start = 0; start < bad.length; start += 512) {
        if (bad[start + 257] == 'u') {
          // Otherwise nothing but the checksum would be tested.
          TarBytes.mendChecksum(bad, start);
        }
      }
      try {
        TarBytes.read(bad);
      } catch (IOException e) {
        assertThat(e).hasMessageContaining("archive");
      }
    }
  }
}
