// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.Errno;
import io.criubridge.core.sys.ErrnoException;
import io.criubridge.core.sys.Fd;
import io.criubridge.core.sys.ScopedRoot;
import io.criubridge.core.sys.Syscalls;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Files that a first pass archived and that are gone. Who extracts the archive without knowing of
 * stale members brings them back, so they are told of as deleted.
 */
final class VanishedFiles {

  private final FileChannel archive;
  private final ScopedRoot merged;
  private final CaptureOptions options;

  VanishedFiles(FileChannel archive, ScopedRoot merged, CaptureOptions options) {
    this.archive = archive;
    this.merged = merged;
    this.options = options;
  }

  /**
   * The outermost of the paths that these members are of; the archive says their names.
   *
   * @return absent if something else took the place of a directory that they are in: no tar makes a
   *     file of a directory that it has just filled
   */
  Optional<List<BytePath>> paths(List<MemberRange> members) throws IOException {
    List<BytePath> vanished = new ArrayList<>();
    for (MemberRange member : members) {
      BytePath path = name(member);
      boolean told = !vanished.isEmpty() && path.startsWith(vanished.get(vanished.size() - 1));
      if (!told) {
        Directory directory = lowestDirectory(path);
        if (directory.state() == State.REPLACED) {
          return Optional.empty();
        }
        if (directory.state() == State.THERE && !options.leaveOut(directory.missing())) {
          vanished.add(directory.missing());
        }
      }
    }
    return Optional.of(vanished);
  }

  private BytePath name(MemberRange member) throws IOException {
    TarReader reader = new TarReader(new Slice(member));
    return reader
        .next()
        .orElseThrow(() -> new IOException("no member at " + member.offset() + " of the archive"))
        .path();
  }

  /** What became of the lowest directory above a path that has something in its place. */
  private enum State {
    THERE,
    REPLACED,
    /** A mount is there now, or the path itself. */
    NOT_OURS
  }

  private record Directory(State state, BytePath missing) {}

  private Directory lowestDirectory(BytePath path) throws IOException {
    BytePath missing = path;
    try {
      Optional<Fd> parent = merged.findStrict(missing.parent());
      while (parent.isEmpty()) {
        missing = missing.parent();
        parent = merged.findStrict(missing.parent());
      }
      try (Fd fd = parent.get()) {
        if (!Syscalls.fstat(fd).isDirectory()) {
          return new Directory(State.REPLACED, missing);
        }
        return new Directory(has(fd, missing.name()) ? State.NOT_OURS : State.THERE, missing);
      }
    } catch (ErrnoException e) {
      if (e.errno() == Errno.ELOOP) {
        return new Directory(State.REPLACED, missing);
      }
      if (e.errno() == Errno.EXDEV) {
        return new Directory(State.NOT_OURS, missing);
      }
      throw e;
    }
  }

  private static boolean has(Fd directory, byte[] name) throws IOException {
    Optional<Fd> found = DiffWalk.find(directory, name);
    if (found.isPresent()) {
      found.get().close();
    }
    return found.isPresent();
  }

  /** A member's bytes. */
  private final class Slice extends InputStream {
    private final MemberRange member;
    private long at;

    Slice(MemberRange member) {
      this.member = member;
      this.at = member.offset();
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int count = (int) Math.min(length, member.end() - at);
      if (count <= 0) {
        return -1;
      }
      int read = archive.read(ByteBuffer.wrap(buffer, offset, count), at);
      at += Math.max(read, 0);
      return read;
    }
  }
}
