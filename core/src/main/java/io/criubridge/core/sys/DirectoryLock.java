// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.sys;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * A directory that is this program's alone, as far as others ask for it in the same way. The lock
 * is on the directory itself, so nothing of it is left, whatever ends the program. Source: flock(2)
 */
public final class DirectoryLock implements AutoCloseable {

  private static final int LOCK_EX = 2;
  private static final int LOCK_NB = 4;

  private static final Set<Integer> UNSUPPORTED =
      Set.of(Errno.EBADF, Errno.EOPNOTSUPP, Errno.ENOSYS, Errno.ENOLCK);

  private final Fd dir;

  private DirectoryLock(Fd dir) {
    this.dir = dir;
  }

  /** Locks a directory; empty if another has it. */
  public static Optional<DirectoryLock> tryLock(Path directory) throws ErrnoException {
    Fd dir = Syscalls.open(directory, Syscalls.O_RDONLY | Syscalls.O_DIRECTORY);
    try {
      Syscalls.check(Syscalls.libc().flock(dir.number(), LOCK_EX | LOCK_NB), "flock", "" + dir);
      return Optional.of(new DirectoryLock(dir));
    } catch (ErrnoException e) {
      dir.close();
      if (e.errno() == Errno.EAGAIN) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Whether locking failed as the file system has no locks for directories: NFS has none. */
  public static boolean isUnsupported(ErrnoException failure) {
    return UNSUPPORTED.contains(failure.errno());
  }

  /** Whether a path still leads to the directory: who had it before may have removed it. */
  public boolean isAt(Path path) throws IOException {
    return dir.isAt(path);
  }

  @Override
  public void close() throws ErrnoException {
    dir.close();
  }
}
