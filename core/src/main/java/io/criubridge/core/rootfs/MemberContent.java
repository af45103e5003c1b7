// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import io.criubridge.core.rootfs.SparseMap.Segment;
import io.criubridge.core.sys.WritableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Where the data of a member is, its segments one after the other without the holes. */
@FunctionalInterface
interface MemberContent {

  /** Bytes of a compressed archive on their way at once. */
  int BUFFER = 1 << 18;

  /** Of what has no data. */
  MemberContent NONE = (file, map) -> {};

  /** Writes the segments in their places. */
  void write(WritableFile file, SparseMap map) throws IOException;

  /** Data in memory, from the buffer's position on. */
  static MemberContent of(ByteBuffer data) {
    return (file, map) -> {
      for (Segment segment : map.segments()) {
        ByteBuffer part = data.slice(data.position(), (int) segment.length());
        file.write(part, segment.offset());
        data.position(data.position() + part.capacity());
      }
    };
  }

  /**
   * Data in the archive's file, from an offset on. By way of a buffer: the kernel's own copying
   * takes a page at a time where it cannot share blocks, which archives do not let it.
   *
   * @param buffer a direct one, free when this is written
   * @param progress is told how much of the archive that took
   */
  static MemberContent of(
      FileChannel archive, long offset, ByteBuffer buffer, DiffProgress progress) {
    return (file, map) -> {
      long at = offset;
      for (Segment segment : map.segments()) {
        copy(archive, at, file, segment, buffer, progress);
        at += segment.length();
      }
    };
  }

  /** Data that an archive gives next, by whoever reads it. */
  static MemberContent of(TarReader reader, DiffProgress progress) {
    return (file, map) -> {
      byte[] bytes = new byte[BUFFER];
      for (Segment segment : map.segments()) {
        for (long done = 0; done < segment.length(); ) {
          int count = (int) Math.min(bytes.length, segment.length() - done);
          reader.readData(bytes, count);
          file.write(ByteBuffer.wrap(bytes, 0, count), segment.offset() + done);
          done += count;
          progress.reached(reader.offsetInFile());
        }
      }
    };
  }

  private static void copy(
      FileChannel archive,
      long offset,
      WritableFile file,
      Segment segment,
      ByteBuffer buffer,
      DiffProgress progress)
      throws IOException {
    for (long done = 0; done < segment.length(); done += buffer.limit()) {
      buffer.clear().limit((int) Math.min(buffer.capacity(), segment.length() - done));
      while (buffer.hasRemaining()) {
        long from = offset + done + buffer.position();
        if (archive.read(buffer, from) < 0) {
          throw new TarFormatException(from, "ends too early");
        }
      }
      file.write(buffer.flip(), segment.offset() + done);
      progress.reached(offset + done + buffer.limit());
    }
  }
}
