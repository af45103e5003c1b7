// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.Fd;
import io.criubridge.core.sys.ScopedRoot;
import io.criubridge.core.sys.Syscalls;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The directories from the root to where a walk is; only the innermost of them are kept open. */
final class WalkStack implements AutoCloseable {

  private static final int KEPT_OPEN = 64;
  private static final byte[] SELF = {'.'};

  private final @Nullable ScopedRoot upper;
  private final ScopedRoot merged;
  private final List<WalkDirectory> directories = new ArrayList<>();

  /**
   * Of an overlay.
   *
   * @param upper null if that is not to be looked at, as in a directory that was renamed
   */
  WalkStack(@Nullable ScopedRoot upper, ScopedRoot merged) {
    this.upper = upper;
    this.merged = merged;
  }

  void start() throws IOException {
    Fd inMerged = readable(merged, BytePath.ROOT);
    Fd inUpper;
    try {
      inUpper = upper == null ? null : readable(upper, BytePath.ROOT);
    } catch (IOException e) {
      inMerged.close();
      throw e;
    }
    directories.add(WalkDirectory.of(DiffPlace.ROOT, inMerged, inUpper, opensNoDevice()));
  }

  private boolean opensNoDevice() {
    return upper != null && upper.opensNoDevice();
  }

  static Fd readable(ScopedRoot root, BytePath directory) throws IOException {
    try (Fd fd = root.openStrict(directory)) {
      return Syscalls.openat(fd, SELF, WalkDirectory.FLAGS, 0);
    }
  }

  boolean isEmpty() {
    return directories.isEmpty();
  }

  /** Where the walk is. */
  WalkDirectory top() {
    return directories.get(directories.size() - 1);
  }

  /** The directory that {@link #top} is in. */
  WalkDirectory above() {
    return directories.get(directories.size() - 2);
  }

  /** Goes into a subdirectory of the top; links are not followed. */
  void enter(byte[] name, DiffPlace place) throws IOException {
    WalkDirectory from = top();
    Fd inMerged = Syscalls.openat(from.merged(), name, WalkDirectory.FLAGS, 0);
    Fd inUpper = null;
    try {
      if (from.region() != DiffRegion.RENAMED) {
        inUpper = Syscalls.openat(from.upper(), name, WalkDirectory.FLAGS, 0);
      }
    } catch (IOException e) {
      inMerged.close();
      throw e;
    }
    directories.add(WalkDirectory.of(place, inMerged, inUpper, opensNoDevice()));
    if (directories.size() > KEPT_OPEN) {
      directories.get(directories.size() - 1 - KEPT_OPEN).suspend();
    }
  }

  /** Goes back to the directory above; where there is none the walk is over. */
  void leave() throws IOException {
    try (WalkDirectory left = directories.remove(directories.size() - 1)) {
      if (!isEmpty() && !top().isOpen()) {
        top().resume(left, upper);
      }
    }
  }

  @Override
  public void close() throws IOException {
    while (!directories.isEmpty()) {
      directories.remove(directories.size() - 1).close();
    }
  }
}
