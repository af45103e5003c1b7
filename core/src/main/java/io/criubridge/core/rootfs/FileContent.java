// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import io.criubridge.core.rootfs.SparseMap.Segment;
import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.Errno;
import io.criubridge.core.sys.ErrnoException;
import io.criubridge.core.sys.Fd;
import io.criubridge.core.sys.FileStat;
import io.criubridge.core.sys.Syscalls;
import io.criubridge.core.sys.Syscalls.Whence;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** A regular file being captured. That it holds still meanwhile is checked, not assumed. */
final class FileContent implements AutoCloseable {

  /** Of a file with more parts than this, the rest is taken as data. */
  private static final int MAX_SEGMENTS = 1 << 16;

  private final BytePath path;
  private final Fd file;
  private final FileStat before;
  private final FileChannel channel;

  private FileContent(BytePath path, Fd file, FileStat before, FileChannel channel) {
    this.path = path;
    this.file = file;
    this.before = before;
    this.channel = channel;
  }

  /**
   * Opens a file to read.
   *
   * @param file the file, open with O_PATH; stays the caller's
   * @param before what fstat said of it
   */
  static FileContent open(BytePath path, Fd file, FileStat before) throws IOException {
    try {
      FileChannel channel = FileChannel.open(file.procPath(), StandardOpenOption.READ);
      return new FileContent(path, file, before, channel);
    } catch (IOException e) {
      throw new CaptureException(path, e);
    }
  }

  /** Finds the holes, where there can be any. */
  SparseMap map() throws IOException {
    if (before.blocks() * 512 >= before.size()) {
      return SparseMap.dense(before.size());
    }
    List<Segment> segments = new ArrayList<>();
    try (Fd seekable = Syscalls.reopen(file, Syscalls.O_RDONLY)) {
      long hole = 0;
      while (hole < before.size()) {
        long data = seek(seekable, hole, Whence.DATA);
        boolean last = segments.size() == MAX_SEGMENTS - 1;
        hole = last ? before.size() : seek(seekable, data, Whence.HOLE);
        if (data < hole) {
          segments.add(new Segment(data, hole - data));
        }
      }
    }
    return new SparseMap(before.size(), segments);
  }

  private long seek(Fd seekable, long from, Whence whence) throws IOException {
    try {
      return Math.min(Syscalls.lseek(seekable, from, whence), before.size());
    } catch (ErrnoException e) {
      if (e.errno() == Errno.ENXIO) {
        return before.size();
      }
      throw e;
    }
  }

  /** Fills a buffer from an offset on. */
  void read(ByteBuffer buffer, long offset) throws IOException {
    long at = offset;
    while (buffer.hasRemaining()) {
      int count;
      try {
        count = channel.read(buffer, at);
      } catch (IOException e) {
        throw new CaptureException(path, e);
      }
      if (count < 0) {
        throw new CaptureException(path, "ended at byte " + at + " while it was read");
      }
      at += count;
    }
  }

  /** Makes sure that what was read is one state of the file. */
  void checkUnchanged() throws IOException {
    FileStat after = Syscalls.fstat(file);
    if (after.size() != before.size()
        || !after.modified().equals(before.modified())
        || !after.changed().equals(before.changed())) {
      throw new CaptureException(path, "changed while it was read");
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
