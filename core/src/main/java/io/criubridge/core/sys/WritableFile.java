// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.sys;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A regular file that is being written, at any offset and by one thread. */
public final class WritableFile implements AutoCloseable {

  /** What the kernel copies in one call; it could be interrupted no sooner. */
  private static final long MAX_COPY = 1 << 27;

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

  /**
   * Has the kernel copy from another file. It may refuse (another file system, an old kernel), and
   * it may find the other file's end.
   *
   * @return the bytes copied, 0 if none can be copied in this way
   */
  public long copy(Fd from, long fromOffset, long offset, long length) throws IOException {
    long done = 0;
    while (done < length) {
      long count = Math.min(length - done, MAX_COPY);
      byte[] in = longBytes(fromOffset + done);
      byte[] out = longBytes(offset + done);
      long copied = Syscalls.libc().copy_file_range(from.number(), in, fd.number(), out, count, 0);
      if (copied < 0) {
        ErrnoException failure = Syscalls.failure("copy_file_range", fd.toString());
        if (isRefusal(failure.errno())) {
          return done;
        }
        throw failure;
      }
      if (copied == 0) {
        return done;
      }
      done += copied;
    }
    return done;
  }

  private static boolean isRefusal(int errno) {
    return switch (errno) {
      case Errno.EXDEV, Errno.EINVAL, Errno.ENOSYS, Errno.EOPNOTSUPP, Errno.EPERM -> true;
      default -> false;
    };
  }

  private static byte[] longBytes(long value) {
    return ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder()).putLong(value).array();
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
