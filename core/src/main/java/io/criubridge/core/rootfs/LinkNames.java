// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.FileStat;
import java.util.Arrays;
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

  private static final int CHUNK = 1 << 20;

  private long[] slots = new long[WIDTH * 64];
  private int used;
  private byte[][] chunks = new byte[4][];
  private long stored;

  Optional<Name> find(FileStat stat) {
    int slot = slot(device(stat), stat.ino());
    if (slots[slot + 2] == 0) {
      return Optional.empty();
    }
    long at = slots[slot + 3] >> 1;
    Origin origin = (slots[slot + 3] & 1) == 0 ? Origin.WRITTEN : Origin.KEPT;
    return Optional.of(new Name(BytePath.of(load(at)), slots[slot + 2], origin));
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
    slots[slot + 3] = (store(place.path().bytes()) << 1) | (origin == Origin.KEPT ? 1 : 0);
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

  /** Stores a length of three bytes and the path; a path does not cross a chunk. */
  private long store(byte[] path) {
    int size = 3 + path.length;
    if (size > CHUNK) {
      throw new IllegalArgumentException("a path of " + path.length + " bytes");
    }
    if (stored / CHUNK != (stored + size - 1) / CHUNK) {
      stored = (stored / CHUNK + 1) * CHUNK;
    }
    int chunk = (int) (stored / CHUNK);
    if (chunk == chunks.length) {
      chunks = Arrays.copyOf(chunks, chunk * 2);
    }
    if (chunks[chunk] == null) {
      chunks[chunk] = new byte[CHUNK];
    }
    int at = (int) (stored % CHUNK);
    chunks[chunk][at] = (byte) (path.length >> 16);
    chunks[chunk][at + 1] = (byte) (path.length >> 8);
    chunks[chunk][at + 2] = (byte) path.length;
    System.arraycopy(path, 0, chunks[chunk], at + 3, path.length);
    long place = stored;
    stored += size;
    return place;
  }

  private byte[] load(long place) {
    byte[] chunk = chunks[(int) (place / CHUNK)];
    int at = (int) (place % CHUNK);
    int length =
        ((chunk[at] & 0xff) << 16) | ((chunk[at + 1] & 0xff) << 8) | (chunk[at + 2] & 0xff);
    return Arrays.copyOfRange(chunk, at + 3, at + 3 + length);
  }
}
