// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.criubridge.core.rootfs.SparseMap.Segment;
import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.Fd;
import io.criubridge.core.sys.FileStat;
import io.criubridge.core.sys.ScopedRoot;
import io.criubridge.core.sys.Syscalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files whose holes are hard to know, or are many. */
class SparseFileIT {

  private static final BytePath FILE = BytePath.of("/file");
  private static final int PARTS = 300;
  private static final int FEWER = 100;
  private static final int BLOCK = 4096;
  private static final long END = 6L << 30;

  @TempDir Path temp;
  private Path source;
  private Path file;
  private Path archive;

  @BeforeEach
  void makeDirectories() throws IOException {
    source = Files.createDirectory(temp.resolve("source"));
    file = source.resolve("file");
    archive = temp.resolve("rootfs-diff.tar");
  }

  /** A byte at each of so many places, and a hole after the last. */
  private void writeParts(int distance) throws Exception {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (int i = 0; i < PARTS; i++) {
        channel.write(ByteBuffer.wrap(new byte[] {(byte) (1 + i % 100)}), (long) i * distance);
      }
      channel.force(true);
    }
    Shell.in(source, "truncate -s %d file".formatted(END));
  }

  private SparseMap map(int maxSegments) throws IOException {
    try (ScopedRoot root = ScopedRoot.open(source);
        Fd fd = root.openStrict(FILE);
        FileContent content = FileContent.open(FILE, fd, Syscalls.fstat(fd))) {
      return content.map(maxSegments);
    }
  }

  /** The archive of the file alone, as a capture makes it. */
  private void capture(int maxSegments) throws IOException {
    try (ScopedRoot root = ScopedRoot.open(source);
        Fd fd = root.openStrict(FILE);
        FileChannel channel =
            FileChannel.open(archive, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        ArchiveOutput out = new ArchiveOutput(channel, new DiffProgress())) {
      FileStat stat = Syscalls.fstat(fd);
      TarWriter tar = new TarWriter(out, new DiffProgress());
      try (FileContent content = FileContent.open(FILE, fd, stat)) {
        SparseMap map = content.map(maxSegments);
        tar.add(
            new TarMember(
                FILE,
                TarType.REGULAR,
                stat.mode(),
                stat.uid(),
                stat.gid(),
                stat.modified(),
                "",
                TarMember.NO_DEVICE,
                new TreeMap<>(),
                map),
            content);
      }
      tar.finish();
      out.finish();
    }
  }

  /** All that has data, as the hole behind it takes a minute to read. */
  private static String digest(Path of, int distance) throws Exception {
    return Shell.in(of.getParent(), "head -c %d file | sha256sum".formatted(PARTS * distance));
  }

  @Test
  void map_ofManyParts_hasThemAll() throws Exception {
    writeParts(16 * BLOCK);
    SparseMap map = map(PARTS);
    assertThat(map.segments()).hasSize(PARTS);
    assertThat(map.segments().get(1)).isEqualTo(new Segment(16 * BLOCK, BLOCK));
    assertThat(map.dataBytes()).isEqualTo((long) PARTS * BLOCK);
    assertThat(map.endsInHole()).isTrue();
  }

  /** Short holes are filled, of one block and of three; what is behind the last part never is. */
  @ParameterizedTest
  @ValueSource(ints = {2, 4})
  void capture_ofTooManyParts_fillsShortHolesAlone(int blocks) throws Exception {
    int distance = blocks * BLOCK;
    writeParts(distance);
    capture(FEWER);
    assertThat(Files.size(archive)).isLessThan((long) PARTS * distance + 30_000);

    Path target = Files.createDirectory(temp.resolve("target"));
    try (ScopedRoot root = ScopedRoot.open(target)) {
      RootfsDiff.apply(archive, root, Existing.REPLACE);
    }
    Path restored = target.resolve("file");
    assertThat(Files.size(restored)).isEqualTo(END);
    assertThat(digest(restored, distance)).isEqualTo(digest(file, distance));
    long allocated = 512 * Long.parseLong(Shell.in(target, "stat -c %b file").strip());
    long bound = (1L + SegmentCollector.MAX_FILLED) * PARTS * BLOCK;
    assertThat(allocated).isLessThanOrEqualTo(bound + 16 * BLOCK);
  }

  @Test
  void map_ofTooManyPartsFarFromEachOther_isRefused() throws Exception {
    writeParts(64 * BLOCK);
    assertThatExceptionOfType(CaptureException.class)
        .isThrownBy(() -> map(FEWER))
        .withMessageContaining("/file")
        .withMessageContaining("more than 100 parts")
        .withMessageContaining("exclude it");
  }

  @Test
  void map_ofBlocksBeyondTheEnd_hasTheHoles() throws Exception {
    Shell.in(
        source,
        "truncate -s 1M file; printf x | dd of=file bs=1 seek=900000 conv=notrunc status=none;"
            + " sync file; fallocate -n -o 1M -l 20M file");
    SparseMap map = map(PARTS);
    assertThat(map.segments()).hasSize(1);
    assertThat(map.dataBytes()).isEqualTo(BLOCK);
  }

  @Test
  void map_ofBlocksThatWereNeverWritten_isAHole() throws Exception {
    Shell.in(source, "fallocate -l 20M file");
    assertThat(map(PARTS)).isEqualTo(new SparseMap(20 << 20, List.of()));
  }

  @Test
  void map_ofABlockThatAttributesTake_isAHole() throws Exception {
    Shell.in(source, "truncate -s 4096 file; setfattr -n user.big -v \"$(printf %03500d 0)\" file");
    assertThat(map(PARTS).segments()).isEmpty();
  }
}
