// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.Errno;
import io.criubridge.core.sys.ErrnoException;
import io.criubridge.core.sys.Fd;
import io.criubridge.core.sys.FileStat;
import io.criubridge.core.sys.ScopedRoot;
import io.criubridge.core.sys.Syscalls;
import java.io.IOException;
import java.util.Set;

/**
 * The times that directories get once all is in them, in plain arrays. A directory is known by 64
 * bits of a keyed hash.
 */
final class DirectoryTimes {

  /** Hash, seconds, nanoseconds, and where the path is stored. */
  private static final int WIDTH = 4;

  /** What a path is answered with where one of its directories is something else now. */
  private static final Set<Integer> GONE = Set.of(Errno.ENOENT, Errno.ENOTDIR, Errno.ELOOP);

  private final PathStore paths = new PathStore();
  private long[] slots = new long[WIDTH * 64];
  private int used;

  /** Notes a directory's time in place of one noted before. */
  void put(BytePath directory, FileStat.Time modified) {
    long hash = SecretHash.of(1, directory.bytes());
    int slot = slot(hash);
    if (slots[slot] == 0) {
      if ((used + 1) * 2 * WIDTH > slots.length) {
        grow();
        slot = slot(hash);
      }
      used++;
      slots[slot] = hash;
      slots[slot + 3] = paths.store(directory);
    }
    slots[slot + 1] = modified.seconds();
    slots[slot + 2] = modified.nanos();
  }

  /** Whether a directory was noted. */
  boolean has(BytePath directory) {
    return slots[slot(SecretHash.of(1, directory.bytes()))] != 0;
  }

  /**
   * Sets the times.
   *
   * @param replaced whether a directory was replaced by something else meanwhile, so that not all
   *     of them are there
   */
  void set(ScopedRoot target, boolean replaced, DiffProgress progress) throws ApplyException {
    for (int slot = 0; slot < slots.length; slot += WIDTH) {
      if (slots[slot] != 0) {
        BytePath path = paths.load(slots[slot + 3]);
        FileStat.Time modified = new FileStat.Time(slots[slot + 1], (int) slots[slot + 2]);
        try (Fd fd = target.openStrict(path)) {
          if (!replaced || Syscalls.fstat(fd).isDirectory()) {
            Syscalls.setModified(fd, modified);
          }
        } catch (IOException e) {
          if (!replaced || !(e instanceof ErrnoException gone) || !GONE.contains(gone.errno())) {
            throw ApplyException.ofEntry(path, progress.entries(), e);
          }
        }
      }
    }
  }

  /** Where a directory is, or belongs. */
  private int slot(long hash) {
    int mask = slots.length / WIDTH - 1;
    int at = (int) hash & mask;
    while (slots[at * WIDTH] != 0 && slots[at * WIDTH] != hash) {
      at = (at + 1) & mask;
    }
    return at * WIDTH;
  }

  private void grow() {
    long[] before = slots;
    slots = new long[before.length * 2];
    for (int at = 0; at < before.length; at += WIDTH) {
      if (before[at] != 0) {
        System.arraycopy(before, at, slots, slot(before[at]), WIDTH);
      }
    }
  }
}
