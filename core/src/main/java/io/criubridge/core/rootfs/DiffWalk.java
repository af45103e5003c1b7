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

  /** Told of each file that differs, a directory before what is in it. */
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
  private final List<BytePath> deleted = new ArrayList<>();
  private final List<BytePath> opaque = new ArrayList<>();

  DiffWalk(ScopedRoot upper, ScopedRoot merged, CaptureOptions options, Visitor visitor) {
    this.upper = upper;
    this.merged = merged;
    this.options = options;
    this.visitor = visitor;
  }

  void run() throws IOException {
    try (Fd root = merged.openStrict(BytePath.ROOT)) {
      visitor.visit(BytePath.ROOT, root, Syscalls.fstat(root));
    }
    pending.add(new Directory(BytePath.ROOT, Region.LAYERED));
    while (!pending.isEmpty()) {
      Directory directory = pending.removeLast();
      if (directory.region() == Region.RENAMED) {
        walkMerged(directory.path());
      } else {
        walkUpper(directory);
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

  private void walkMerged(BytePath directory) throws IOException {
    try (Fd mergedDir = merged.openStrict(directory)) {
      for (byte[] name : sorted(Syscalls.list(mergedDir))) {
        BytePath path = directory.resolve(name);
        if (!options.leaveOut(path)) {
          try (Fd file = Syscalls.openat(mergedDir, name, Syscalls.O_PATH, 0)) {
            visit(path, file, Region.RENAMED);
          }
        }
      }
    }
  }

  private void walkUpper(Directory directory) throws IOException {
    try (Fd upperDir = upper.openStrict(directory.path());
        Fd mergedDir = merged.openStrict(directory.path())) {
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

  private void compare(Directory place, Fd candidate, Optional<Fd> found) throws IOException {
    if (found.isPresent()) {
      try (Fd file = found.get()) {
        visit(place.path(), file, regionBelow(place, candidate, file));
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

  private void visit(BytePath path, Fd file, Region below) throws IOException {
    FileStat stat = Syscalls.fstat(file);
    if (stat.mountId() != merged.mountId()) {
      return;
    }
    visitor.visit(path, file, stat);
    if (stat.isDirectory()) {
      pending.addLast(new Directory(path, below));
    }
  }

  private static List<byte[]> sorted(List<byte[]> names) {
    names.sort(Arrays::compareUnsigned);
    return names;
  }
}
