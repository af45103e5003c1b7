// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import io.criubridge.core.sys.BytePath;

/**
 * A set of paths that takes some 16 bytes for each, however long: archives hold millions. It keeps
 * 64 bits of a keyed hash, so that nobody can make two paths that it takes for one.
 */
final class PathSet {

  private long[] slots = new long[1 << 10];
  private int size;

  /** Adds a path; false if it was there. */
  boolean add(BytePath path) {
    if (2 * (size + 1) > slots.length) {
      grow();
    }
    long digest = digest(path);
    int slot = slotOf(digest);
    if (slots[slot] == digest) {
      return false;
    }
    slots[slot] = digest;
    size++;
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
    long digest = digest(path);
    return slots[slotOf(digest)] == digest;
  }

  /** Where a digest is, or where it would go. */
  private int slotOf(long digest) {
    int mask = slots.length - 1;
    int slot = (int) digest & mask;
    while (slots[slot] != 0 && slots[slot] != digest) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void grow() {
    long[] old = slots;
    slots = new long[2 * old.length];
    for (long digest : old) {
      if (digest != 0) {
        slots[slotOf(digest)] = digest;
      }
    }
  }

  /** Never 0, which is an empty slot. */
  private static long digest(BytePath path) {
    return SecretHash.of(1, path.bytes());
  }
}
