// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.proc;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.criubridge.core.sys.Errno;
import io.criubridge.core.sys.ErrnoException;
import io.criubridge.core.sys.HeldDirectory;
import java.io.IOException;
import java.nio.file.Path;

/**
 * One process's directory held open: all that is read through it is of the same process, even if
 * that exits meanwhile and another gets its PID.
 */
final class ProcEntry implements AutoCloseable {

  private final Path path;
  private final int pid;
  private final HeldDirectory directory;

  private ProcEntry(Path path, int pid, HeldDirectory directory) {
    this.path = path;
    this.pid = pid;
    this.directory = directory;
  }

  /**
   * Takes hold of a process.
   *
   * @throws ProcessGoneException if there is none
   */
  static ProcEntry open(ProcFs procFs, int pid) throws ProcReadException {
    Path path = procFs.root().resolve(Integer.toString(pid));
    try {
      return new ProcEntry(path, pid, HeldDirectory.open(path));
    } catch (ErrnoException e) {
      throw e.errno() == Errno.ENOENT
          ? new ProcessGoneException("openat", path, pid, e)
          : new ProcReadException("openat", path, pid, e);
    }
  }

  /** The name of a file, for messages. */
  String name(String file) {
    return path + "/" + file;
  }

  byte[] read(String file) throws IOException {
    try {
      return directory.read(file);
    } catch (ErrnoException e) {
      throw failure(file, e);
    }
  }

  long namespaceInode(NamespaceKind kind) throws IOException {
    String file = kind.linkPath();
    try {
      return ProcNamespaces.inode(name(file), new String(directory.readLink(file), ISO_8859_1));
    } catch (ErrnoException e) {
      throw failure(file, e);
    }
  }

  /** The kernel says ESRCH of a process that is gone, and ENOENT as of a file that it lacks. */
  private ProcReadException failure(String file, ErrnoException e) throws IOException {
    boolean gone = e.errno() == Errno.ESRCH || (e.errno() == Errno.ENOENT && !directory.isAt(path));
    return gone
        ? new ProcessGoneException(e.call(), path.resolve(file), pid, e)
        : new ProcReadException(e.call(), path.resolve(file), pid, e);
  }

  @Override
  public void close() throws ErrnoException {
    directory.close();
  }
}
