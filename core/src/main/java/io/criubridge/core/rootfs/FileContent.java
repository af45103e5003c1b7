// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.Errno;
import io.criubridge.core.sys.ErrnoException;
import io.criubridge.core.sys.Fd;
import io.criubridge.core.sys.FileStat;
import io.criubridge.core.sys.Syscalls;
import io.criubridge.core.sys.Syscalls.Whence;
import io.criubridge.core.sys.Xattrs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.SortedMap;

/** A regular file being captured. That it holds still meanwhile is checked, not assumed. */
final class FileContent implements AutoCloseable {

  /** What a reader takes, with a segment less for the one that marks a hole at the end. */
  private static final int MAX_SEGMENTS = GnuSparseText.MAX_NUMBERS / 2 - 1;

  /** The least that file systems allocate, most often. */
  private static final int BLOCK = 4096;

  private final BytePath path;
  private final FileStat before;
  private final Fd readable;
  private final SortedMap<String, byte[]> xattrs;

  private FileContent(BytePath path, FileStat before, Fd readable) throws IOException {
    this.path = path;
    this.before = before;
    this.readable = readable;
    this.xattrs = Xattrs.read(readable);
  }

  /**
   * Opens a file to read, and reads its attributes.
   *
   * @param file the file, open with O_PATH; stays the caller's
   * @param before what fstat said of it
   */
  static FileContent open(BytePath path, Fd file, FileStat before) throws IOException {
    Fd readable;
    try {
      readable = Syscalls.reopen(file, Syscalls.O_RDONLY);
    } catch (IOException e) {
      throw new CaptureException(path, e);
    }
    return of(path, readable, before);
  }

  /**
   * Takes over a file that is open to read, also if it fails, and reads its attributes.
   *
   * @param before what fstat said of it
   */
  static FileContent of(BytePath path, Fd readable, FileStat before) throws IOException {
    try {
      return new FileContent(path, before, readable);
    } catch (IOException e) {
      readable.close();
      throw e;
    }
  }

  /** Its extended attributes, the overlay's own included. */
  SortedMap<String, byte[]> xattrs() {
    return xattrs;
  }

  /**
   * Finds the holes. Where there are more than an archive takes, the shortest count as data, at
   * most {@link SegmentCollector#MAX_FILLED} times as much as the file's own.
   *
   * @throws CaptureException if more than that would have to
   */
  SparseMap map() throws IOException {
    return map(MAX_SEGMENTS);
  }

  /** As {@link #map()}, with at most so many segments. */
  SparseMap map(int maxSegments) throws IOException {
    if (isOneFullBlock()) {
      return SparseMap.dense(before.size());
    }
    SegmentCollector data = new SegmentCollector(maxSegments);
    long hole = seek(0, Whence.HOLE);
    if (hole > 0) {
      data.add(0, hole);
    }
    while (hole < before.size()) {
      long start = seek(hole, Whence.DATA);
      hole = start < before.size() ? seek(start, Whence.HOLE) : start;
      if (start < hole) {
        data.add(start, hole - start);
      }
    }
    if (data.isOverfilled()) {
      throw new CaptureException(
          path,
          "has its data in more than "
              + maxSegments
              + " parts with long holes between them, which would have to be stored: exclude it");
    }
    return new SparseMap(before.size(), data.segments());
  }

  /**
   * Whether there is no need to ask, which small files would feel. The number of blocks alone does
   * not tell: those beyond the end count, those that are reserved and never written, and those of
   * attributes.
   */
  private boolean isOneFullBlock() {
    return before.size() <= BLOCK
        && before.blocks() * SizeEstimate.BLOCK >= before.size()
        && xattrs.isEmpty();
  }

  private long seek(long from, Whence whence) throws IOException {
    try {
      return Math.min(Syscalls.lseek(readable, from, whence), before.size());
    } catch (ErrnoException e) {
      if (e.errno() == Errno.ENXIO) {
        return before.size();
      }
      throw e;
    }
  }

  /** Fills a direct buffer from an offset on. */
  void read(ByteBuffer buffer, long offset) throws IOException {
    long at = offset;
    while (buffer.hasRemaining()) {
      int count;
      try {
        count = Syscalls.pread(readable, buffer, at);
      } catch (IOException e) {
        throw new CaptureException(path, e);
      }
      if (count == 0) {
        throw new CaptureException(path, "ended at byte " + at + " while it was read");
      }
      at += count;
    }
  }

  /** Makes sure that what was read is one state of the file. */
  void checkUnchanged() throws IOException {
    FileStat after = Syscalls.fstat(readable);
    if (after.size() != before.size()
        || !after.modified().equals(before.modified())
        || !after.changed().equals(before.changed())) {
      throw new CaptureException(path, "changed while it was read");
    }
  }

  @Override
  public void close() throws IOException {
    readable.close();
  }
}
