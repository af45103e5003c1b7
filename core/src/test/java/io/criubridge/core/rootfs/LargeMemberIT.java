// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

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

/** Members of more data than twelve octal digits tell; the data itself is never stored. */
class LargeMemberIT {

  /** The first size that needs another form. */
  private static final long SIZE = 1L << 33;

  @TempDir Path temp;
  private Path archive;

  @BeforeEach
  void makeFile() throws Exception {
    archive = temp.resolve("rootfs-diff.tar");
    Path source = Files.createDirectory(temp.resolve("source"));
    Shell.in(source, "truncate -s %d big; echo x > z".formatted(SIZE));
  }

  /** A pipe whose reader has enough after the first part. */
  private record Head(FileChannel file) implements WritableByteChannel {
    @Override
    public int write(ByteBuffer bytes) throws IOException {
      if (file.size() > 0) {
        throw new IOException("enough");
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

  /** As of a file that is full of data. */
  private void write(String name, TarWriter tar) throws IOException {
    BytePath path = BytePath.of(name);
    try (ScopedRoot source = ScopedRoot.open(temp.resolve("source"));
        Fd fd = source.openStrict(path)) {
      FileStat stat = Syscalls.fstat(fd);
      try (FileContent content = FileContent.open(path, fd, stat)) {
        tar.add(member(path, stat), content);
      }
    }
  }

  private FileChannel create(String name) throws IOException {
    return FileChannel.open(
        temp.resolve(name), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  /** What precedes the data in the file "head", the data as a hole, what is in the file "rest". */
  private void join() throws Exception {
    Shell.in(
        temp,
        """
        header=$(grep -abo ustar head | tail -n 1 | cut -d: -f 1)
        head -c $((header + 255)) head > rootfs-diff.tar
        truncate -s +%d rootfs-diff.tar
        cat rest >> rootfs-diff.tar
        """
            .formatted(SIZE));
    assertThat(Shell.in(temp, "tar -tvf rootfs-diff.tar").lines().map(l -> l.split(" +")[2]))
        .containsExactly(Long.toString(SIZE), "2");
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
    try (FileChannel head = create("head");
        ArchiveOutput out = new ArchiveOutput(new Head(head), new DiffProgress())) {
      TarWriter tar = new TarWriter(out, new DiffProgress());
      assertThatIOException().isThrownBy(() -> write("/big", tar)).withMessageContaining("enough");
    }
    try (FileChannel rest = create("rest");
        ArchiveOutput out = new ArchiveOutput(rest, new DiffProgress())) {
      TarWriter tar = new TarWriter(out, new DiffProgress());
      write("/z", tar);
      tar.finish();
      out.finish();
    }
    join();
    requireBothMembers();
  }

  /** Headers of GNU tar: the size in a pax record, or base-256. */
  @ParameterizedTest
  @ValueSource(strings = {"pax", "gnu", "oldgnu"})
  void read_takesTheSizeThatGnuTarWrites(String form) throws Exception {
    String tar = "tar -C source --format=%s -cf -".formatted(form);
    Shell.in(temp, tar + " big | head -c 10240 > head || true; " + tar + " z > rest");
    join();
    requireBothMembers();
  }
}
