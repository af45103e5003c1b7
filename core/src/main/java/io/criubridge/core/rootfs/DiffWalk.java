// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.Errno;
import io.criubridge.core.sys.ErrnoException;
import io.criubridge.core.sys.Fd;
import io.criubridge.core.sys.FileStat;
import io.criubridge.core.sys.ScopedRoot;
import io.criubridge.core.sys.Syscalls;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Finds what differs from the lower layers of an overlay. The upper directory only says which paths
 * may differ; what is there is told by the merged tree, as an upper file may be mere metadata
 * (metacopy) and an upper directory a mere renaming (redirect_dir).
 */
final class DiffWalk {

  /**
   * Told of each file that differs, a directory followed by all that is in it: GNU tar sets a
   * directory's time as soon as it has left it.
   */
  @FunctionalInterface
  interface Visitor {
    /**
     * Takes note of a file.
     *
     * @param file the file in the merged tree, open with O_PATH until this returns
     */
    void visit(BytePath path, Fd file, FileStat stat) throws IOException;
  }

  /** How a directory's content comes about. */
  private enum Region {
    /** Upper over lower. */
    LAYERED,
    /** Upper alone: a whiteout hides nothing. */
    OPAQUE,
    /** Upper over the lower content of another path: all of it differs. */
    RENAMED
  }

  private record Directory(BytePath path, Region region) {}

  private final ScopedRoot upper;
  private final ScopedRoot merged;
  private final CaptureOptions options;
  private final Visitor visitor;
  private final ArrayDeque<Directory> pending = new ArrayDeque<>();
  private final ArrayDeque<Directory> found = new ArrayDeque<>();
  private final List<BytePath> deleted = new ArrayList<>();
  private final List<BytePath> opaque = new ArrayList<>();

  DiffWalk(ScopedRoot upper, ScopedRoot merged, CaptureOptions options, Visitor visitor) {
    this.upper = upper;
    this.merged = merged;
    this.options = options;
    this.visitor = visitor;
  }

  void run() throws IOException {
    pending.add(new Directory(BytePath.ROOT, Region.LAYERED));
    while (!pending.isEmpty()) {
      Directory directory = pending.removeLast();
      try (Fd mergedDir = merged.openStrict(directory.path())) {
        visitor.visit(directory.path(), mergedDir, Syscalls.fstat(mergedDir));
        if (directory.region() == Region.RENAMED) {
          walkMerged(directory.path(), mergedDir);
        } else {
          walkUpper(directory, mergedDir);
        }
      }
      while (!found.isEmpty()) {
        pending.addLast(found.removeLast());
      }
    }
  }

  /** Paths that whiteouts stand for. */
  List<BytePath> deleted() {
    return deleted;
  }

  /** The outermost opaque and renamed directories. */
  List<BytePath> opaque() {
    return opaque;
  }

  private void walkMerged(BytePath directory, Fd mergedDir) throws IOException {
    for (byte[] name : sorted(Syscalls.list(mergedDir))) {
      BytePath path = directory.resolve(name);
      if (!options.leaveOut(path)) {
        try (Fd file = Syscalls.openat(mergedDir, name, Syscalls.O_PATH, 0)) {
          take(path, file, Region.RENAMED);
        }
      }
    }
  }

  private void walkUpper(Directory directory, Fd mergedDir) throws IOException {
    try (Fd upperDir = upper.openStrict(directory.path())) {
      for (byte[] name : sorted(Syscalls.list(upperDir))) {
        BytePath path = directory.path().resolve(name);
        if (!options.leaveOut(path)) {
          try (Fd candidate = Syscalls.openat(upperDir, name, Syscalls.O_PATH, 0)) {
            compare(new Directory(path, directory.region()), candidate, find(mergedDir, name));
          }
        }
      }
    }
  }

  private static Optional<Fd> find(Fd dir, byte[] name) throws IOException {
    try {
      return Optional.of(Syscalls.openat(dir, name, Syscalls.O_PATH, 0));
    } catch (ErrnoException e) {
      if (e.errno() == Errno.ENOENT) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private void compare(Directory place, Fd candidate, Optional<Fd> inMerged) throws IOException {
    if (inMerged.isPresent()) {
      try (Fd file = inMerged.get()) {
        take(place.path(), file, regionBelow(place, candidate, file));
      }
    } else if (!OverlayMarks.isWhiteout(candidate)) {
      throw new CaptureException(place.path(), "in the upper directory, not in the merged tree");
    } else if (place.region() == Region.LAYERED) {
      deleted.add(place.path());
    }
  }

  private Region regionBelow(Directory place, Fd candidate, Fd file) throws IOException {
    if (!Syscalls.fstat(candidate).isDirectory()) {
      return place.region();
    }
    boolean redirected = OverlayMarks.isRedirected(candidate, file);
    if (!redirected && !OverlayMarks.isOpaque(candidate, file)) {
      return place.region();
    }
    if (place.region() == Region.LAYERED) {
      opaque.add(place.path());
    }
    return redirected ? Region.RENAMED : Region.OPAQUE;
  }

  /** A directory's turn comes later, together with what is in it. */
  private void take(BytePath path, Fd file, Region below) throws IOException {
    FileStat stat = Syscalls.fstat(file);
    if (stat.mountId() != merged.mountId()) {
      return;
    }
    if (stat.isDirectory()) {
      found.addLast(new Directory(path, below));
    } else {
      visitor.visit(path, file, stat);
    }
  }

  static List<byte[]> sorted(List<byte[]> names) {
    names.sort(Arrays::compareUnsigned);
    return names;
  }
}
