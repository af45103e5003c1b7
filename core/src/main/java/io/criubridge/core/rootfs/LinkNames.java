// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.FileStat;
import java.util.Optional;

/**
 * The first name of each file that has several, by inode: in plain arrays, since a tree of a
 * million hard links must fit into a small heap.
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

  /** Device, inode, hash of the path, and where the path is stored. */
  private static final int WIDTH = 4;

  private final PathStore paths = new PathStore();
  private long[] slots = new long[WIDTH * 64];
  private int used;

  Optional<Name> find(FileStat stat) {
    int slot = slot(device(stat), stat.ino());
    if (slots[slot + 2] == 0) {
      return Optional.empty();
    }
    long at = slots[slot + 3] >> 1;
    Origin origin = (slots[slot + 3] & 1) == 0 ? Origin.WRITTEN : Origin.KEPT;
    return Optional.of(new Name(paths.load(at), slots[slot + 2], origin));
  }

  /** Notes the first name of a file that {@link #find} does not know. */
  void add(FileStat stat, DiffPlace place, Origin origin) {
    if (++used * 2 * WIDTH > slots.length) {
      grow();
    }
    int slot = slot(device(stat), stat.ino());
    slots[slot] = device(stat);
    slots[slot + 1] = stat.ino();
    slots[slot + 2] = place.hash();
    slots[slot + 3] = (paths.store(place.path()) << 1) | (origin == Origin.KEPT ? 1 : 0);
  }

  private static long device(FileStat stat) {
    return ((long) stat.device().major() << 32) | stat.device().minor();
  }

  /** Where an inode is, or belongs. */
  private int slot(long device, long ino) {
    int mask = slots.length / WIDTH - 1;
    int at = (int) SecretHash.of(device, ino) & mask;
    while (slots[at * WIDTH + 2] != 0
        && (slots[at * WIDTH] != device || slots[at * WIDTH + 1] != ino)) {
      at = (at + 1) & mask;
    }
    return at * WIDTH;
  }

  private void grow() {
    long[] before = slots;
    slots = new long[before.length * 2];
    for (int at = 0; at < before.length; at += WIDTH) {
      if (before[at + 2] != 0) {
        System.arraycopy(before, at, slots, slot(before[at], before[at + 1]), WIDTH);
      }
    }
  }
}
