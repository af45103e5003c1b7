// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import io.criubridge.core.sys.Fd;
import io.criubridge.core.sys.FileStat;
import io.criubridge.core.sys.ScopedRoot;
import io.criubridge.core.sys.Syscalls;
import java.io.IOException;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * A directory that a walk is in or below: itself, in the merged tree and in the upper directory,
 * and the subdirectories that are still to be entered. In a renamed one nothing upper is looked at.
 */
final class WalkDirectory implements AutoCloseable {

  static final int FLAGS = Syscalls.O_RDONLY | Syscalls.O_DIRECTORY;

  private record Opened(Fd fd, FileStat stat) implements AutoCloseable {
    static Opened of(Fd fd) throws IOException {
      try {
        return new Opened(fd, Syscalls.fstat(fd));
      } catch (IOException e) {
        fd.close();
        throw e;
      }
    }

    boolean isSame(FileStat other) {
      return stat.ino() == other.ino() && stat.device().equals(other.device());
    }

    @Override
    public void close() throws IOException {
      fd.close();
    }
  }

  private final DiffPlace place;
  private final ArrayDeque<byte[]> subdirectories = new ArrayDeque<>();
  private Opened merged;
  private @Nullable Opened upper;
  private DiffRegion region = DiffRegion.LAYERED;
  private boolean open = true;

  private WalkDirectory(DiffPlace place, Opened merged, @Nullable Opened upper) {
    this.place = place;
    this.merged = merged;
    this.upper = upper;
  }

  static WalkDirectory of(DiffPlace place, Fd merged, @Nullable Fd upper) throws IOException {
    try {
      Opened above = Opened.of(merged);
      return new WalkDirectory(place, above, upper == null ? null : Opened.of(upper));
    } catch (IOException e) {
      merged.close();
      throw e;
    }
  }

  DiffPlace place() {
    return place;
  }

  Fd merged() {
    return merged.fd();
  }

  /** In the upper directory; not to be asked for below what was renamed. */
  Fd upper() {
    if (upper == null) {
      throw new IllegalStateException("below a renamed directory: " + place.path());
    }
    return upper.fd();
  }

  FileStat stat() {
    return merged.stat();
  }

  DiffRegion region() {
    return region;
  }

  boolean isOpen() {
    return open;
  }

  /**
   * Finds out how its content comes about.
   *
   * @return whether it hides something of the lower layers that the one above shows
   */
  boolean decideRegion(DiffRegion above) throws IOException {
    region = above;
    if (upper == null || above == DiffRegion.RENAMED) {
      return false;
    }
    if (OverlayMarks.isRedirected(upper(), merged())) {
      region = DiffRegion.RENAMED;
    } else if (OverlayMarks.isOpaque(upper(), merged())) {
      region = DiffRegion.OPAQUE;
    }
    return above == DiffRegion.LAYERED && region != above;
  }

  void addSubdirectory(byte[] name) {
    subdirectories.addLast(name);
  }

  byte @Nullable [] nextSubdirectory() {
    return subdirectories.pollFirst();
  }

  /** Gives the descriptors back, of which a process has fewer than a tree has levels. */
  void suspend() throws IOException {
    if (open) {
      open = false;
      try {
        if (upper != null) {
          upper.close();
        }
      } finally {
        merged.close();
      }
    }
  }

  /**
   * Opens it again from a directory in it, or its upper side from the root where that one has none.
   *
   * @throws CaptureException if that is somewhere else by now
   */
  void resume(WalkDirectory child, ScopedRoot upperRoot) throws IOException {
    merged = same(merged, Syscalls.openParent(child.merged(), FLAGS));
    try {
      if (upper != null) {
        upper =
            same(
                upper,
                child.upper == null
                    ? WalkStack.readable(upperRoot, place.path())
                    : Syscalls.openParent(child.upper(), FLAGS));
      }
      open = true;
    } catch (IOException e) {
      merged.close();
      throw e;
    }
  }

  private Opened same(Opened before, Fd again) throws IOException {
    Opened found = Opened.of(again);
    if (found.isSame(before.stat())) {
      return found;
    }
    found.close();
    throw new CaptureException(place.path(), "was moved while it was read");
  }

  @Override
  public void close() throws IOException {
    suspend();
  }
}
