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

/** The times that directories get once all is in them. */
final class DirectoryTimes {

  /** What a row has after its path's hash. */
  private static final int SECONDS = 1;

  private static final int NANOS = 2;
  private static final int STORED_PATH = 3;
  private static final int WIDTH = 4;

  /** What a path is answered with where one of its directories is something else now. */
  private static final Set<Integer> GONE = Set.of(Errno.ENOENT, Errno.ENOTDIR, Errno.ELOOP);

  private final PathStore paths = new PathStore();
  private final HashedRows rows = new HashedRows(WIDTH);

  /** Notes a directory's time in place of one noted before. */
  void put(BytePath directory, FileStat.Time modified) {
    int row = rows.find(hash(directory));
    if (row == HashedRows.NONE) {
      row = rows.add(hash(directory));
      rows.set(row, STORED_PATH, paths.store(directory));
    }
    rows.set(row, SECONDS, modified.seconds());
    rows.set(row, NANOS, modified.nanos());
  }

  /** Whether a directory was noted. */
  boolean has(BytePath directory) {
    return rows.find(hash(directory)) != HashedRows.NONE;
  }

  /**
   * Sets the times.
   *
   * @param replaced whether a directory was replaced by something else meanwhile, so that not all
   *     of them are there
   */
  void set(ScopedRoot target, boolean replaced, DiffProgress progress) throws ApplyException {
    for (int row = 0; row < rows.size(); row++) {
      BytePath path = paths.load(rows.get(row, STORED_PATH));
      try (Fd fd = target.openStrict(path)) {
        if (!replaced || Syscalls.fstat(fd).isDirectory()) {
          Syscalls.setModified(fd, modified(row));
        }
      } catch (IOException e) {
        if (!replaced || !(e instanceof ErrnoException gone) || !GONE.contains(gone.errno())) {
          throw ApplyException.ofEntry(path, progress.entries(), e);
        }
      }
    }
  }

  private FileStat.Time modified(int row) {
    return new FileStat.Time(rows.get(row, SECONDS), (int) rows.get(row, NANOS));
  }

  private static long hash(BytePath directory) {
    return SecretHash.of(1, directory.bytes());
  }
}
