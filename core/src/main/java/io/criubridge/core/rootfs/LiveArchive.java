// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * An archive without its stale members, for readers that do not know their list: every tar reads
 * from it what apply reads from both.
 */
public final class LiveArchive implements AutoCloseable {

  private static final int BUFFER = 1 << 18;

  private final Path file;
  private final FileChannel channel;
  private final StaleMembers stale;
  private final long size;

  private LiveArchive(Path file, FileChannel channel, StaleMembers stale) throws IOException {
    this.file = file;
    this.channel = channel;
    this.stale = stale;
    long left = channel.size();
    for (MemberRange range : stale.ranges()) {
      if (range.end() > channel.size()) {
        throw new TarFormatException(range.offset(), "ends before a member that is listed stale");
      }
      left -= range.length();
    }
    size = left;
  }

  /** Opens an archive, with the list of its stale members beside it, if there is one. */
  public static LiveArchive open(Path archive) throws IOException {
    StaleMembers stale = StaleMembers.of(archive);
    FileChannel channel = FileChannel.open(archive, StandardOpenOption.READ);
    try {
      return new LiveArchive(archive, channel, stale);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** Its length without them, bytes. */
  public long size() {
    return size;
  }

  /** Writes it without them. */
  public void writeTo(OutputStream out) throws IOException {
    long at = 0;
    for (MemberRange range : stale.ranges()) {
      copy(at, range.offset(), out);
      at = range.end();
    }
    copy(at, channel.size(), out);
  }

  private void copy(long from, long to, OutputStream out) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    for (long at = from; at < to; at += buffer.limit()) {
      buffer.clear().limit((int) Math.min(BUFFER, to - at));
      while (buffer.hasRemaining()) {
        if (channel.read(buffer, at + buffer.position()) < 0) {
          throw new IOException(file + ": became shorter while it was read");
        }
      }
      out.write(buffer.array(), 0, buffer.limit());
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
