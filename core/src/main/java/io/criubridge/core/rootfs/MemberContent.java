// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import io.criubridge.core.rootfs.SparseMap.Segment;
import io.criubridge.core.sys.WritableFile;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Where the data of a member is, its segments one after the other without the holes. */
@FunctionalInterface
interface MemberContent {

  /** Bytes on their way at once, where the kernel does not copy. */
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

  /** Data in the archive's file, from an offset on; the kernel copies it where it can. */
  static MemberContent of(ArchiveInput.File archive, long offset) {
    return (file, map) -> {
      long at = offset;
      for (Segment segment : map.segments()) {
        long copied = file.copy(archive.fd(), at, segment.offset(), segment.length());
        if (copied < segment.length()) {
          copy(archive, at + copied, file, segment.offset() + copied, segment.length() - copied);
        }
        at += segment.length();
      }
    };
  }

  /** Data that an archive gives next, by whoever reads it. */
  static MemberContent of(TarReader reader) {
    return (file, map) -> {
      byte[] bytes = new byte[BUFFER];
      for (Segment segment : map.segments()) {
        for (long done = 0; done < segment.length(); ) {
          int count = (int) Math.min(bytes.length, segment.length() - done);
          reader.readData(bytes, count);
          file.write(ByteBuffer.wrap(bytes, 0, count), segment.offset() + done);
          done += count;
        }
      }
    };
  }

  private static void copy(
      ArchiveInput.File archive, long from, WritableFile file, long to, long length)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect((int) Math.min(length, BUFFER));
    for (long done = 0; done < length; done += buffer.limit()) {
      buffer.clear().limit((int) Math.min(buffer.capacity(), length - done));
      while (buffer.hasRemaining()) {
        if (archive.channel().read(buffer, from + done + buffer.position()) < 0) {
          throw new TarFormatException(from + done + buffer.position(), "ends too early");
        }
      }
      buffer.flip();
      file.write(buffer.duplicate(), to + done);
    }
  }
}
