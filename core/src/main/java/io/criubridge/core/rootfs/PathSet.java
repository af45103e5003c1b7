// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import io.criubridge.core.sys.BytePath;

/**
 * A set of paths that takes some 20 bytes for each, however long. It keeps their hashes: {@link
 * HashedRows}.
 */
final class PathSet {

  private final HashedRows rows = new HashedRows(1);

  /** Adds a path; false if it was there. */
  boolean add(BytePath path) {
    long hash = hash(path);
    if (rows.find(hash) != HashedRows.NONE) {
      return false;
    }
    rows.add(hash);
    return true;
  }

  /** Adds a path and those of all directories above it. */
  void addWithParents(BytePath path) {
    BytePath at = path;
    while (add(at) && !at.isRoot()) {
      at = at.parent();
    }
  }

  boolean contains(BytePath path) {
    return rows.find(hash(path)) != HashedRows.NONE;
  }

  private static long hash(BytePath path) {
    return SecretHash.of(1, path.bytes());
  }
}
