// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.FileStat;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One object of a tree as an archive tells of it, without its content.
 *
 * @param path where it belongs; a root stands for the tree's own directory
 * @param type what it is
 * @param mode permission bits with setuid, setgid and sticky
 * @param uid owner, by number
 * @param gid group, by number
 * @param modified time of last modification
 * @param link what a symbolic link says, or the member that a hard link is another name of, one
 *     char per byte; empty for others
 * @param device what a device node stands for; 0:0 for others
 * @param xattrs extended attributes by name (one char per byte)
 * @param content where a regular file has data; empty for others
 */
record TarMember(
    BytePath path,
    TarType type,
    int mode,
    long uid,
    long gid,
    FileStat.Time modified,
    String link,
    FileStat.Device device,
    SortedMap<String, byte[]> xattrs,
    SparseMap content) {

  static final FileStat.Device NO_DEVICE = new FileStat.Device(0, 0);

  TarMember {
    xattrs =
        xattrs.isEmpty()
            ? Collections.emptySortedMap()
            : Collections.unmodifiableSortedMap(new TreeMap<>(xattrs));
  }

  /** Whether it is what overlayfs marks a deletion with: GNU tar archives it as it is. */
  boolean isKernelWhiteout() {
    return type == TarType.CHARACTER_DEVICE && device.equals(NO_DEVICE);
  }
}
