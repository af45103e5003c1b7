// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.DirectoryNames;
import io.criubridge.core.sys.Errno;
import io.criubridge.core.sys.ErrnoException;
import io.criubridge.core.sys.Fd;
import io.criubridge.core.sys.FileStat;
import io.criubridge.core.sys.FileType;
import io.criubridge.core.sys.ScopedRoot;
import io.criubridge.core.sys.Syscalls;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds what differs from the lower layers of an overlay. The upper directory only says which paths
 * may differ; what is there is told by the merged tree, as an upper file may be mere metadata
 * (metacopy) and an upper directory a mere renaming (redirect_dir).
 *
 * <p>A directory comes before its files, those before its subdirectories, each sorted by name.
 * Every name is looked up in an open directory, so the depth of a tree costs nothing.
 */
final class DiffWalk {

  /** So many names at once, lest a directory of a million needs the memory for all its stats. */
  private static final int AHEAD = 1024;

  private final ScopedRoot merged;
  private final CaptureOptions options;
  private final DiffVisitor visitor;
  private final WalkStack stack;
  private final LookAhead ahead;
  private final byte[] names = new byte[DirectoryNames.BUFFER];
  private final List<BytePath> deleted = new ArrayList<>();
  private final List<BytePath> opaque = new ArrayList<>();

  DiffWalk(ScopedRoot upper, ScopedRoot merged, CaptureOptions options, DiffVisitor visitor) {
    this(new WalkStack(upper, merged), merged, options, visitor);
  }

  private DiffWalk(
      WalkStack stack, ScopedRoot merged, CaptureOptions options, DiffVisitor visitor) {
    this.merged = merged;
    this.options = options;
    this.visitor = visitor;
    this.stack = stack;
    this.ahead = new LookAhead(visitor);
  }

  /** A walk of the merged tree alone, changed or not: as that of a directory that was renamed. */
  static DiffWalk ofAll(ScopedRoot merged, CaptureOptions options, DiffVisitor visitor) {
    return new DiffWalk(new WalkStack(null, merged), merged, options, visitor);
  }

  /** Walks the whole tree, or as much of it as the visitor wants. */
  void run() throws IOException {
    try (stack;
        ahead) {
      stack.start();
      enter(stack.top(), null);
      while (!stack.isEmpty() && visitor.wantsMore()) {
        byte[] name = stack.top().nextSubdirectory();
        if (name != null) {
          descend(name, stack.top().place().child(name));
        } else if (!leave()) {
          return;
        }
      }
    }
  }

  /** Paths that whiteouts stand for, and those of sockets. */
  List<BytePath> deleted() {
    return deleted;
  }

  /** The outermost opaque and renamed directories. */
  List<BytePath> opaque() {
    return opaque;
  }

  /** Without the way back there is no going on. */
  private boolean leave() throws IOException {
    try {
      stack.leave();
      return true;
    } catch (ErrnoException | CaptureException e) {
      visitor.raced(e);
      return false;
    }
  }

  private void descend(byte[] name, DiffPlace place) throws IOException {
    try {
      stack.enter(name, place);
      WalkDirectory directory = stack.top();
      if (directory.stat().mountId() == merged.mountId()) {
        if (directory.decideRegion(stack.above().region())) {
          opaque.add(place.path());
        }
        enter(directory, stack.above());
      }
    } catch (ErrnoException e) {
      if (e.errno() != Errno.ENOENT || !options.mayBeOfCriu(name)) {
        visitor.raced(e);
      }
    } catch (CaptureException e) {
      visitor.raced(e);
    }
  }

  private void enter(WalkDirectory directory, @Nullable WalkDirectory above) throws IOException {
    visitor.directory(directory, above);
    boolean renamed = directory.region() == DiffRegion.RENAMED;
    Fd listed = renamed ? directory.merged() : directory.upper();
    List<byte[]> wanted = sorted(DirectoryNames.read(listed, names));
    BytePath path = directory.place().path();
    if (options.mayLeaveOutBelow(path)) {
      wanted.removeIf(name -> options.leaveOut(path.resolve(name)));
    }
    for (int from = 0; from < wanted.size(); from += AHEAD) {
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptedIOException(path + ": interrupted before the files there were taken");
      }
      take(directory, wanted.subList(from, Math.min(from + AHEAD, wanted.size())));
    }
  }

  private void take(WalkDirectory directory, List<byte[]> names) throws IOException {
    try (LookAhead.Names found = ahead.begin(directory, names)) {
      for (int i = 0; i < names.size(); i++) {
        try {
          Optional<FileStat> stat = found.stat(i);
          try (FileContent content = found.content(i).orElse(null)) {
            take(directory, names.get(i), stat, content);
          }
        } catch (ErrnoException | CaptureException e) {
          visitor.raced(e);
        }
      }
    }
  }

  /** A subdirectory's turn comes later, together with what is in it. */
  private void take(
      WalkDirectory directory, byte[] name, Optional<FileStat> found, @Nullable FileContent content)
      throws IOException {
    DiffPlace place = directory.place().child(name);
    if (found.isEmpty()) {
      missing(directory, name, place);
    } else if (found.get().isDirectory()) {
      if (!options.isOfCriu(name, found.get(), merged.mountId())) {
        directory.addSubdirectory(name);
      }
    } else if (found.get().mountId() == merged.mountId()) {
      if (found.get().type() == FileType.SOCKET && directory.region() == DiffRegion.LAYERED) {
        // No archive can hold it; what the image may have in its place must not come back.
        deleted.add(place.path());
      }
      visitor.file(new WalkEntry(directory, place, found.get(), content));
    }
  }

  private void missing(WalkDirectory directory, byte[] name, DiffPlace place) throws IOException {
    if (directory.region() == DiffRegion.RENAMED) {
      if (options.mayBeOfCriu(name)) {
        return;
      }
      throw new CaptureException(place.path(), "vanished while its directory was read");
    }
    try (Fd candidate = Syscalls.openat(directory.upper(), name, Syscalls.O_PATH, 0)) {
      if (!OverlayMarks.isWhiteout(candidate)) {
        throw new CaptureException(place.path(), "in the upper directory, not in the merged tree");
      }
    } catch (ErrnoException e) {
      if (e.errno() == Errno.ENOENT && options.mayBeOfCriu(name)) {
        return;
      }
      throw e;
    }
    if (directory.region() == DiffRegion.LAYERED) {
      deleted.add(place.path());
    }
  }

  /** Opens an entry of a directory with O_PATH; absent if there is none. */
  static Optional<Fd> find(Fd dir, byte[] name) throws IOException {
    try {
      return Optional.of(Syscalls.openat(dir, name, Syscalls.O_PATH, 0));
    } catch (ErrnoException e) {
      if (e.errno() == Errno.ENOENT) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** In their order, each once: of a directory that changes meanwhile, a name may be read twice. */
  static List<byte[]> sorted(List<byte[]> names) {
    names.sort(Arrays::compareUnsigned);
    List<byte[]> each = new ArrayList<>(names.size());
    for (byte[] name : names) {
      if (each.isEmpty() || !Arrays.equals(name, each.get(each.size() - 1))) {
        each.add(name);
      }
    }
    return each;
  }
}
