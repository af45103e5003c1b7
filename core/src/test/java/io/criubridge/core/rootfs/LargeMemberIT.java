// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.Fd;
import io.criubridge.core.sys.FileStat;
import io.criubridge.core.sys.ScopedRoot;
import io.criubridge.core.sys.Syscalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Members of more data than twelve octal digits tell; of what is zero no block is stored. */
class LargeMemberIT {

  /** The first size that needs another form. */
  private static final long SIZE = 1L << 33;

  private static final String LAST_BYTES = "the end";

  @TempDir Path temp;
  private Path archive;

  @BeforeEach
  void makeFile() throws Exception {
    archive = temp.resolve("rootfs-diff.tar");
    Shell.in(
        Files.createDirectory(temp.resolve("source")),
        "truncate -s %d big; printf '%s' | dd of=big bs=1 seek=%d conv=notrunc status=none; echo x > z"
            .formatted(SIZE, LAST_BYTES, SIZE - LAST_BYTES.length()));
  }

  /** Leaves holes in a file where it is given zeros. */
  private record SparseChannel(FileChannel file) implements WritableByteChannel {
    private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(1 << 20);

    @Override
    public int write(ByteBuffer bytes) throws IOException {
      int count = bytes.remaining();
      if (count <= ZEROS.capacity() && bytes.equals(ZEROS.duplicate().limit(count))) {
        bytes.position(bytes.limit());
        file.position(file.position() + count);
        return count;
      }
      return file.write(bytes);
    }

    @Override
    public boolean isOpen() {
      return file.isOpen();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  private static TarMember member(BytePath path, FileStat stat) {
    return new TarMember(
        path,
        TarType.REGULAR,
        stat.mode(),
        stat.uid(),
        stat.gid(),
        stat.modified(),
        "",
        TarMember.NO_DEVICE,
        new TreeMap<>(),
        SparseMap.dense(stat.size()));
  }

  /** As of files that are full of data. */
  private void writeDense(String... names) throws IOException {
    try (FileChannel file =
            FileChannel.open(archive, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        ArchiveOutput out = new ArchiveOutput(new SparseChannel(file), new DiffProgress());
        ScopedRoot source = ScopedRoot.open(temp.resolve("source"))) {
      TarWriter tar = new TarWriter(out, new DiffProgress());
      for (String name : names) {
        BytePath path = BytePath.of(name);
        try (Fd fd = source.openStrict(path)) {
          FileStat stat = Syscalls.fstat(fd);
          try (FileContent content = FileContent.open(path, fd, stat)) {
            tar.add(member(path, stat), content);
          }
        }
      }
      tar.finish();
      out.finish();
      file.truncate(out.bytes());
      if (file.size() < out.bytes()) {
        file.write(ByteBuffer.allocate(1), out.bytes() - 1);
      }
    }
  }

  /** Reads the archive by hand, and applies it to a root that has the large file, and keeps it. */
  private void requireBothMembers() throws Exception {
    try (ArchiveInput in = ArchiveInput.open(archive)) {
      TarReader reader = new TarReader(in, ArchiveLimits.DEFAULT);
      TarMember big = reader.next().orElseThrow();
      assertThat(big.path()).isEqualTo(BytePath.of("/big"));
      assertThat(big.content()).isEqualTo(SparseMap.dense(SIZE));
      assertThat(reader.dataLeft()).isEqualTo(SIZE);
      assertThat(reader.next().map(TarMember::path)).contains(BytePath.of("/z"));
      byte[] data = new byte[2];
      reader.readData(data, 2);
      assertThat(data).containsExactly('x', '\n');
      assertThat(reader.next()).isEqualTo(Optional.empty());
    }
    Path target = Files.createDirectory(temp.resolve("target"));
    Files.createFile(target.resolve("big"));
    try (ScopedRoot root = ScopedRoot.open(target)) {
      assertThat(RootfsDiff.apply(archive, root, Existing.KEEP)).isEqualTo(new Applied(1, 1, 0));
    }
    assertThat(target.resolve("z")).hasContent("x\n");
  }

  @Test
  void write_isReadBackByUsAndByGnuTar() throws Exception {
    writeDense("/big", "/z");
    assertThat(Shell.in(temp, "tar -tvf rootfs-diff.tar").lines().map(l -> l.split(" +")[2]))
        .containsExactly(Long.toString(SIZE), "2");
    assertThat(Shell.in(temp, "tar -xOf rootfs-diff.tar ./big | tail -c " + LAST_BYTES.length()))
        .isEqualTo(LAST_BYTES);
    requireBothMembers();
  }

  /** GNU tar's headers, the data after them made here: in a pax record, or base-256. */
  @ParameterizedTest
  @ValueSource(strings = {"pax", "gnu", "oldgnu"})
  void read_takesTheSizeThatGnuTarWrites(String form) throws Exception {
    Shell.in(
        temp,
        """
        tar -C source --format=%1$s -cf - big z | head -c 10240 > head || true
        size=$(grep -abo 'ustar' head | tail -n 1 | cut -d: -f 1); size=$((size + 255))
        head -c $size head > rootfs-diff.tar
        truncate -s +%2$d rootfs-diff.tar
        tar -C source --format=%1$s -cf - z >> rootfs-diff.tar
        """
            .formatted(form, SIZE));
    assertThat(Shell.in(temp, "tar -tvf rootfs-diff.tar | wc -l").strip()).isEqualTo("2");
    requireBothMembers();
  }
}
