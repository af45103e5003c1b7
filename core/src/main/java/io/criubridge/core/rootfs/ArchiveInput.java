// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStream;
import io.criubridge.core.sys.Fd;
import io.criubridge.core.sys.Syscalls;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** The bytes of an archive from front to back, decompressed where they are compressed. */
final class ArchiveInput implements AutoCloseable {

  private static final int BUFFER = 1 << 18;

  private final InputStream in;
  private final Optional<FileChannel> file;
  private final Compression compression;
  private final Iterator<MemberRange> stale;
  private Optional<MemberRange> nextStale;
  private long left = Long.MAX_VALUE;
  private long offset;

  private ArchiveInput(
      InputStream in, Optional<FileChannel> file, Compression compression, StaleMembers stale) {
    this.in = in;
    this.file = file;
    this.compression = compression;
    this.stale = stale.ranges().iterator();
    this.nextStale = takeStale();
  }

  /** Reads an archive that is not compressed. */
  static ArchiveInput of(InputStream in) {
    return new ArchiveInput(in, Optional.empty(), Compression.NONE, StaleMembers.NONE);
  }

  /**
   * Opens a file, plain or compressed with gzip or zstd, as its first bytes tell, with the list of
   * its stale members beside it, if there is one.
   *
   * @throws TarFormatException if it is compressed in another way
   */
  static ArchiveInput open(Path path) throws IOException {
    return open(path, StaleMembers.of(path));
  }

  static ArchiveInput open(Path path, StaleMembers stale) throws IOException {
    FileChannel channel = channel(path);
    try {
      Compression compression = compressionOf(channel);
      InputStream bytes = decompressed(Channels.newInputStream(channel), compression);
      return new ArchiveInput(
          new BufferedInputStream(bytes, BUFFER), Optional.of(channel), compression, stale);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private static FileChannel channel(Path path) throws IOException {
    try (Fd fd = Syscalls.open(path, Syscalls.O_RDONLY)) {
      return FileChannel.open(fd.procPath(), StandardOpenOption.READ);
    }
  }

  private static Compression compressionOf(FileChannel channel) throws IOException {
    ByteBuffer start = ByteBuffer.allocate(Compression.MAGIC_BYTES);
    while (start.hasRemaining() && channel.read(start, start.position()) >= 0) {
      // Until it is full, or the file at its end.
    }
    return Compression.of(Arrays.copyOf(start.array(), start.position()));
  }

  private static InputStream decompressed(InputStream bytes, Compression compression)
      throws IOException {
    return switch (compression) {
      case NONE -> bytes;
      case GZIP -> new GZIPInputStream(bytes, BUFFER);
      // Its native part refuses a window of more than 128 MiB, as the zstd program does.
      case ZSTD -> new ZstdInputStream(bytes);
      default -> {
        String name = compression.name().toLowerCase(Locale.ROOT);
        throw new TarFormatException(0, name + " is not read here: decompress it first");
      }
    };
  }

  /** How the archive was compressed. */
  Compression compression() {
    return compression;
  }

  /** The file, if the archive is one as it is: what is at an offset here is there in the file. */
  Optional<FileChannel> plainFile() {
    return compression == Compression.NONE ? file : Optional.empty();
  }

  /** Bytes read or skipped so far. */
  long offset() {
    return offset;
  }

  /** How much of the file that took, decompression done. */
  long offsetInFile() throws IOException {
    return compression == Compression.NONE || file.isEmpty() ? offset : file.get().position();
  }

  /** Sets how many more bytes there may be. */
  void limit(long bytes) {
    left = bytes;
  }

  void readFully(byte[] buffer, int count) throws IOException {
    take(count);
    if (read(buffer, count) != count) {
      throw new TarFormatException(offset, "ends too early");
    }
    offset += count;
  }

  void skip(long count) throws IOException {
    take(count);
    try {
      in.skipNBytes(count);
    } catch (EOFException e) {
      throw new TarFormatException(offset, "ends too early");
    } catch (ZipException | ZstdIOException e) {
      throw damaged(e);
    }
    offset += count;
  }

  /**
   * Goes on to where the next member is that is part of the tree; to be called between members.
   *
   * @throws TarFormatException if the list of stale members has one where none begins
   */
  void skipStale() throws IOException {
    while (nextStale.isPresent() && nextStale.get().offset() <= offset) {
      MemberRange range = nextStale.get();
      if (range.offset() < offset) {
        throw notThere(range);
      }
      skip(range.length());
      nextStale = takeStale();
    }
  }

  private Optional<MemberRange> takeStale() {
    return stale.hasNext() ? Optional.of(stale.next()) : Optional.empty();
  }

  private static TarFormatException notThere(MemberRange range) {
    return new TarFormatException(
        range.offset(), "has no member here, which " + StaleMembers.FILE_NAME + " lists");
  }

  /**
   * Reads what follows the archive's end, so that a decompressor can prove its checksum.
   *
   * @throws TarFormatException if more stale members are listed
   */
  void finish() throws IOException {
    if (nextStale.isPresent()) {
      throw notThere(nextStale.get());
    }
    if (compression != Compression.NONE) {
      byte[] rest = new byte[TarHeader.BLOCK];
      for (int count = 1; count > 0; ) {
        count = read(rest, rest.length);
        take(count);
      }
    }
  }

  private int read(byte[] buffer, int count) throws IOException {
    try {
      return in.readNBytes(buffer, 0, count);
    } catch (ZipException | ZstdIOException e) {
      throw damaged(e);
    } catch (EOFException e) {
      throw new TarFormatException(offset, "ends too early");
    }
  }

  private TarFormatException damaged(IOException e) {
    return new TarFormatException(offset, "compressed data is damaged: " + e.getMessage());
  }

  private void take(long count) throws TarFormatException {
    if (count > left) {
      throw new TarFormatException(offset, "longer than it may be");
    }
    left -= count;
  }

  @Override
  public void close() throws IOException {
    in.close();
    if (file.isPresent()) {
      file.get().close();
    }
  }
}
