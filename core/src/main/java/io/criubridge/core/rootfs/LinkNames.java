// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.FileStat;
import java.util.Optional;

/**
 * The first name of each file that has several, by inode: without an object for each, since a tree
 * of a million hard links must fit into a small heap.
 */
final class LinkNames {

  /** How the file of a first name came to be in the archive. */
  enum Origin {
    /** Written by the walk that asks. */
    WRITTEN,
    /** Written by an earlier one, and still right. */
    KEPT
  }

  /** A first name. */
  record Name(BytePath path, long hash, Origin origin) {}

  /** What a row has after its inode's hash. */
  private static final int PATH_HASH = 1;

  /** Where the path is stored, and in the lowest bit its origin. */
  private static final int STORED = 2;

  private static final int WIDTH = 3;

  private final PathStore paths = new PathStore();
  private final HashedRows rows = new HashedRows(WIDTH);

  Optional<Name> find(FileStat stat) {
    int row = rows.find(inode(stat));
    if (row == HashedRows.NONE) {
      return Optional.empty();
    }
    long stored = rows.get(row, STORED);
    Origin origin = (stored & 1) == 0 ? Origin.WRITTEN : Origin.KEPT;
    return Optional.of(new Name(paths.load(stored >> 1), rows.get(row, PATH_HASH), origin));
  }

  /** Notes the first name of a file that {@link #find} does not know. */
  void add(FileStat stat, DiffPlace place, Origin origin) {
    int row = rows.add(inode(stat));
    rows.set(row, PATH_HASH, place.hash());
    rows.set(row, STORED, (paths.store(place.path()) << 1) | (origin == Origin.KEPT ? 1 : 0));
  }

  /** A file's device and inode number in one. */
  static long inode(FileStat stat) {
    return SecretHash.of(((long) stat.device().major() << 32) | stat.device().minor(), stat.ino());
  }
}
