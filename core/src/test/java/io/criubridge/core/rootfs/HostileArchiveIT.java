// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.sun.management.ThreadMXBean;
import io.criubridge.core.sys.ScopedRoot;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives that ask for what is outside, or for too much: refused by name, nothing changed. */
class HostileArchiveIT {

  /** In place of the directory that nothing may change. */
  private static final String OUTSIDE = "@outside@";

  private static final ArchiveLimits LIMITS = new ArchiveLimits(10, 1 << 16);

  @TempDir Path temp;
  private Path target;
  private Path outside;

  @BeforeEach
  void makeDirectories() throws Exception {
    target = Files.createDirectory(temp.resolve("target"));
    outside = Files.createDirectory(temp.resolve("outside"));
    Shell.in(outside, "echo safe > victim; mkdir -m 0700 dir; echo safe > dir/file; mkfifo fifo");
    Shell.in(target, "ln -s ../outside way; ln -s %s absolute".formatted(outside));
  }

  private Applied apply(Path archive) throws IOException {
    return apply(archive, LIMITS);
  }

  private Applied apply(Path archive, ArchiveLimits limits) throws IOException {
    ApplyOptions usual = ApplyOptions.of(Existing.REPLACE);
    ApplyOptions limited =
        new ApplyOptions(usual.existing(), usual.form(), usual.mounted(), limits, usual.progress());
    try (ScopedRoot root = ScopedRoot.open(target)) {
      return RootfsDiff.apply(archive, root, limited);
    }
  }

  /** Bytes of memory, those of classes that are loaded meanwhile left out. */
  private long allocatedUntilRefused(Path made, ArchiveLimits limits) {
    assertThatIOException().isThrownBy(() -> apply(made, limits));
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    assertThatIOException().isThrownBy(() -> apply(made, limits));
    return threads.getCurrentThreadAllocatedBytes() - before;
  }

  private static TarBytes outward() {
    return new TarBytes().symlink("out", "../outside").symlink("far", OUTSIDE);
  }

  private static TarBytes sized(String name, String size) {
    byte[] header = new TarBytes().file(name, "").withoutEnd();
    System.arraycopy(size.getBytes(ISO_8859_1), 0, header, 124, size.length());
    TarBytes.mendChecksum(header, 0);
    return new TarBytes().raw(header);
  }

  static Stream<Arguments> hostile() {
    String huge = "9223372036854775807";
    return Stream.of(
        Arguments.of("'../outside/victim'", new TarBytes().file("../outside/victim", "evil")),
        Arguments.of("'a/../../outside/x'", new TarBytes().directory("a/../../outside/x")),
        Arguments.of("'/../outside/x'", new TarBytes().symlink("/../outside/x", "y")),
        Arguments.of("'..'", new TarBytes().entry("..", '5', "", "")),
        Arguments.of("'/x': absolute name", new TarBytes().file("/x", "evil")),
        Arguments.of("'//x'", new TarBytes().pax("path", "//x").file("x", "evil")),
        Arguments.of("'/'", new TarBytes().directory("/")),
        Arguments.of("/out/victim", outward().file("out/victim", "evil")),
        Arguments.of("/out/dir", outward().directory("out/dir")),
        Arguments.of("/far/dir/file", outward().file("far/dir/file", "evil")),
        Arguments.of("/way/victim", new TarBytes().file("way/victim", "evil")),
        Arguments.of("/absolute/new", new TarBytes().entry("absolute/new", '6', "", "")),
        Arguments.of("'h'", new TarBytes().hardLink("h", "../outside/victim")),
        Arguments.of("'h'", new TarBytes().hardLink("h", OUTSIDE + "/victim")),
        Arguments.of("'h'", outward().hardLink("h", "out/victim")),
        Arguments.of("'h'", new TarBytes().hardLink("h", "absolute/victim")),
        Arguments.of("'h'", new TarBytes().pax("linkpath", "../outside/victim").hardLink("h", "f")),
        Arguments.of(
            "/h",
            new TarBytes()
                .file("d/file", "")
                .symlink("d", "../outside/dir")
                .hardLink("h", "d/file")),
        Arguments.of("'f10'", files(10).file("f10", "")),
        Arguments.of("'long'", files(9).pax("path", "long").file("short", "")),
        Arguments.of("'big'", new TarBytes().file("big", "x".repeat(1 << 16))),
        Arguments.of("'big'", new TarBytes().pax("size", huge).file("big", "")),
        Arguments.of("'big'", sized("big", "77777777777")),
        Arguments.of("'big'", sized("big", "\u0080\0\0\0\u007f" + "\u00ff".repeat(7))),
        Arguments.of("'holes'", new TarBytes().pax("GNU.sparse.size", "-1").file("holes", "")),
        Arguments.of("/holes", new TarBytes().pax("GNU.sparse.size", huge).file("holes", "")));
  }

  private static TarBytes files(int count) {
    TarBytes files = new TarBytes();
    for (int i = 0; i < count; i++) {
      files.file("g" + i, "");
    }
    return files;
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void apply_refusesByNameAndChangesNothingOutside(String name, TarBytes archive) throws Exception {
    TreeSnapshot before = TreeSnapshot.of(outside);
    Path made = archive.replaceInLinks(OUTSIDE, outside.toString()).write(temp);

    assertThatIOException().isThrownBy(() -> apply(made)).withMessageContaining(name);

    assertThat(TreeSnapshot.of(outside)).isEqualTo(before);
    assertThat(temp.toFile().list()).containsExactlyInAnyOrder("target", "outside", "made.tar");
  }

  /** Containers have links to everywhere: they are made, and lead nowhere from here. */
  @Test
  void apply_makesLinksThatPointOutsideAndFollowsNone() throws Exception {
    TreeSnapshot before = TreeSnapshot.of(outside);
    Path made =
        outward().hardLink("out2", "out").replaceInLinks(OUTSIDE, outside.toString()).write(temp);
    assertThat(apply(made).entries()).isEqualTo(3);
    assertThat(Shell.in(target, "readlink out out2 far"))
        .isEqualTo("../outside\n../outside\n" + outside + "\n");
    assertThat(TreeSnapshot.of(outside)).isEqualTo(before);
  }

  /** Octal and base-256; that many bytes are never reserved. */
  @ParameterizedTest
  @ValueSource(strings = {"77777777777", "\u0080\0\0\0\0\0\0\u0002\0\0\0\0"})
  void apply_refusesHeadersThatDeclareGigabytesBeforeReadingThem(String size) throws Exception {
    for (char type : new char[] {'x', 'g', 'L', 'K'}) {
      byte[] header = new TarBytes().entry("meta", type, "", "").withoutEnd();
      System.arraycopy(size.getBytes(ISO_8859_1), 0, header, 124, size.length());
      TarBytes.mendChecksum(header, 0);
      Path made = new TarBytes().raw(header).file("x", "").write(temp);
      assertThat(allocatedUntilRefused(made, LIMITS)).isLessThan(8 << 20);
      assertThatIOException()
          .isThrownBy(() -> apply(made))
          .withMessageMatching("(?s).*'meta': header of 8\\d{9} bytes.*")
          .withMessageContaining("type '" + type + "'");
    }
    assertThat(target.toFile().list()).containsExactlyInAnyOrder("way", "absolute");
  }

  /** Each of a size that is fine, with other keys than those before. */
  @ParameterizedTest
  @ValueSource(chars = {'x', 'g'})
  void apply_refusesManyHeadersBeforeAllOfThemAreHeld(char type) throws Exception {
    TarBytes archive = new TarBytes();
    int size = type == 'g' ? GlobalRecords.MAX : TarWriter.MAX_PAX;
    int records = size / 16;
    for (int header = 0; header < 24; header++) {
      StringBuilder body = new StringBuilder();
      for (int i = 0; i < records; i++) {
        body.append("16 %010d=v\n".formatted(header * records + i));
      }
      archive.entry("meta" + header, type, "", body.toString());
    }
    Path made = archive.file("x", "").write(temp);
    assertThat(allocatedUntilRefused(made, ArchiveLimits.DEFAULT)).isLessThan(32 << 20);
    assertThatIOException()
        .isThrownBy(() -> apply(made, ArchiveLimits.DEFAULT))
        .withMessageContaining("'meta1'");
    assertThat(target.toFile().list()).containsExactlyInAnyOrder("way", "absolute");
  }
}
