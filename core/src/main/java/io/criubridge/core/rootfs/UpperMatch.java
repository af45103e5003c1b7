// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import io.criubridge.core.sys.FileStat;

/** How well a directory fits what an overlay shows of its upper one: as its own root. */
public enum UpperMatch {
  /** It is another directory. */
  NONE,
  /**
   * Owner, mode and times are equal, the time of change to the nanosecond; of directories made at
   * one time more than one may be.
   */
  ALIKE,
  /**
   * The inode number is equal too. Overlayfs shows that of the upper directory when all layers lie
   * on one file system; on several it shows a number of its own.
   */
  SAME;

  /** Compares a directory with the root of an overlay. */
  public static UpperMatch of(FileStat candidate, FileStat root) {
    boolean alike =
        candidate.isDirectory()
            && candidate.mode() == root.mode()
            && candidate.uid() == root.uid()
            && candidate.gid() == root.gid()
            && candidate.modified().equals(root.modified())
            && candidate.changed().equals(root.changed());
    if (!alike) {
      return NONE;
    }
    return candidate.ino() == root.ino() ? SAME : ALIKE;
  }
}
