// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.sys;

import java.nio.ByteBuffer;

/** A regular file that is being written, at any offset and by one thread. */
public final class WritableFile implements AutoCloseable {

  private final Fd fd;

  private WritableFile(Fd fd) {
    this.fd = fd;
  }

  /**
   * Makes a new file, mode 0600, where nothing is.
   *
   * @throws ErrnoException EEXIST if anything is there, a link or a mount point too
   */
  public static WritableFile create(Fd dir, byte[] name) throws ErrnoException {
    int flags = Syscalls.O_WRONLY | Syscalls.O_CREAT | Syscalls.O_EXCL;
    return new WritableFile(Syscalls.openat(dir, name, flags, 0600));
  }

  /** Opens a file that is open with O_PATH. */
  public static WritableFile of(Fd file) throws ErrnoException {
    return new WritableFile(Syscalls.reopen(file, Syscalls.O_WRONLY));
  }

  /** The descriptor, open for writing; closed with this. */
  public Fd fd() {
    return fd;
  }

  /**
   * Writes all that remains in a buffer.
   *
   * @param buffer a direct one, or the whole of it is copied for each call
   */
  public void write(ByteBuffer buffer, long offset) throws ErrnoException {
    long at = offset;
    while (buffer.hasRemaining()) {
      long count = Syscalls.libc().pwrite(fd.number(), buffer, buffer.remaining(), at);
      Syscalls.check(count, "pwrite", fd.toString());
      buffer.position(buffer.position() + (int) count);
      at += count;
    }
  }

  /** Sets the size; what is added is a hole. */
  public void setSize(long size) throws ErrnoException {
    Syscalls.ftruncate(fd, size);
  }

  /** Sets the permission bits. */
  public void setMode(int mode) throws ErrnoException {
    Syscalls.check(Syscalls.libc().fchmod(fd.number(), mode), "fchmod", fd.toString());
  }

  /** Sets the time of last modification, which further writing would change again. */
  public void setModified(FileStat.Time time) throws ErrnoException {
    int result = Syscalls.libc().futimens(fd.number(), Syscalls.modifiedAt(time));
    Syscalls.check(result, "futimens", fd.toString());
  }

  @Override
  public void close() throws ErrnoException {
    fd.close();
  }
}
