// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;

/** An archive without its stale members, which are not even read. */
final class LiveMembers extends InputStream {

  private static final int BUFFER = 1 << 18;

  private final FileChannel archive;
  private final Iterator<MemberRange> ranges;
  private long position;
  private long staleAt = Long.MAX_VALUE;
  private long staleEnd;

  private LiveMembers(FileChannel archive, StaleMembers stale) {
    this.archive = archive;
    this.ranges = stale.ranges().iterator();
    next();
  }

  /** Opens an archive, of one pass or of two. */
  static InputStream open(Path archive) throws IOException {
    StaleMembers stale = StaleMembers.of(archive);
    FileChannel channel = FileChannel.open(archive, StandardOpenOption.READ);
    return new BufferedInputStream(new LiveMembers(channel, stale), BUFFER);
  }

  private void next() {
    if (ranges.hasNext()) {
      MemberRange range = ranges.next();
      staleAt = range.offset();
      staleEnd = range.end();
    } else {
      staleAt = Long.MAX_VALUE;
    }
  }

  private void leap() {
    while (position == staleAt) {
      position = staleEnd;
      next();
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    leap();
    int count = (int) Math.min(length, staleAt - position);
    int read = archive.read(ByteBuffer.wrap(buffer, offset, count), position);
    position += Math.max(read, 0);
    return read;
  }

  @Override
  public long skip(long count) throws IOException {
    leap();
    long skipped = Math.min(Math.min(count, staleAt - position), archive.size() - position);
    position += Math.max(skipped, 0);
    return Math.max(skipped, 0);
  }

  @Override
  public void close() throws IOException {
    archive.close();
  }
}
