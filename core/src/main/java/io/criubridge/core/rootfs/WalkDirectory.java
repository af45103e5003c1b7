// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import io.criubridge.core.sys.BytePath;
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

  private final long hash;
  private final ArrayDeque<byte[]> subdirectories = new ArrayDeque<>();
  private final FileStat stat;
  private final @Nullable FileStat upperStat;
  private final long upperInode;
  private final boolean opensNoDevice;
  private DiffRegion region;
  private boolean kept;

  // Absent while suspended: a tree may have more levels than there are descriptors, and paths of
  // all levels are together far longer than the tree is deep.
  private @Nullable DiffPlace place;
  private @Nullable Fd merged;
  private @Nullable Fd upper;

  private WalkDirectory(DiffPlace place, Fd merged, @Nullable Fd upper, boolean opensNoDevice)
      throws IOException {
    this.hash = place.hash();
    this.place = place;
    this.merged = merged;
    this.upper = upper;
    this.region = upper == null ? DiffRegion.RENAMED : DiffRegion.LAYERED;
    this.stat = Syscalls.fstat(merged);
    this.upperStat = upper == null ? null : Syscalls.fstat(upper);
    this.opensNoDevice = opensNoDevice;
    this.upperInode = upperStat == null ? 0 : LinkNames.inode(upperStat);
  }

  /**
   * Takes the descriptors over, also if it fails.
   *
   * @param opensNoDevice whether none is opened by a name in the upper directory, see {@link
   *     ScopedRoot#opensNoDevice}
   */
  static WalkDirectory of(DiffPlace place, Fd merged, @Nullable Fd upper, boolean opensNoDevice)
      throws IOException {
    try {
      return new WalkDirectory(place, merged, upper, opensNoDevice);
    } catch (IOException e) {
      close(merged, upper);
      throw e;
    }
  }

  DiffPlace place() {
    return open(place);
  }

  Fd merged() {
    return open(merged);
  }

  /** In the upper directory; not to be asked for below what was renamed. */
  Fd upper() {
    return open(upper);
  }

  private static <T> T open(@Nullable T what) {
    if (what == null) {
      throw new IllegalStateException("the directory is not open");
    }
    return what;
  }

  FileStat stat() {
    return stat;
  }

  /** Whether no device is opened by a name in the upper directory, whatever it is by now. */
  boolean opensNoDevice() {
    return opensNoDevice;
  }

  /** The upper side's device and inode number in one, 0 where that is not looked at. */
  long upperInode() {
    return upperInode;
  }

  boolean isOpen() {
    return merged != null;
  }

  /** Whether an earlier pass's member for it will do. */
  boolean isKept() {
    return kept;
  }

  void setKept(boolean kept) {
    this.kept = kept;
  }

  DiffRegion region() {
    return region;
  }

  /**
   * Finds out how its content comes about.
   *
   * @return whether it hides something of the lower layers that the one above shows
   */
  boolean decideRegion(DiffRegion above) throws IOException {
    region = above;
    if (above == DiffRegion.RENAMED) {
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

  /** Gives the descriptors back. */
  void suspend() throws IOException {
    Fd inMerged = merged;
    Fd inUpper = upper;
    merged = null;
    upper = null;
    place = null;
    if (inMerged != null) {
      close(inMerged, inUpper);
    }
  }

  private static void close(Fd merged, @Nullable Fd upper) throws IOException {
    try {
      if (upper != null) {
        upper.close();
      }
    } finally {
      merged.close();
    }
  }

  /**
   * Opens it again from a directory in it, or its upper side from the root where that one has none.
   *
   * @throws CaptureException if that is somewhere else by now
   */
  void resume(WalkDirectory child, @Nullable ScopedRoot upperRoot) throws IOException {
    BytePath path = child.place().path().parent();
    place = new DiffPlace(path, hash);
    merged = same(stat, path, Syscalls.openParent(child.merged(), FLAGS));
    if (upperStat != null && upperRoot != null) {
      Fd again =
          child.upper == null
              ? WalkStack.readable(upperRoot, path)
              : Syscalls.openParent(child.upper(), FLAGS);
      upper = same(upperStat, path, again);
    }
  }

  private static Fd same(FileStat before, BytePath path, Fd again) throws IOException {
    FileStat now = Syscalls.fstat(again);
    if (now.ino() == before.ino() && now.device().equals(before.device())) {
      return again;
    }
    again.close();
    throw new CaptureException(path, "was moved while it was read");
  }

  @Override
  public void close() throws IOException {
    suspend();
  }
}
