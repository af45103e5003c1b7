// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.sys;

import com.kenai.jffi.LastError;
import java.nio.ByteBuffer;
import jnr.ffi.LibraryLoader;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;

/** The C library, bound when it is first asked for, as that costs a hundred milliseconds. */
final class LibC {

  static final Functions FUNCTIONS = LibraryLoader.create(Functions.class).load("c");

  private LibC() {}

  /** The error number of this thread's last call. */
  static int errno() {
    return LastError.getInstance().get();
  }

  /**
   * The native functions, as C declares them. Byte arrays are C strings that end in NUL, or
   * buffers; every function returns -1 on error and leaves errno. Public only because jnr-ffi
   * implements it in another class loader.
   */
  public interface Functions {

    long read(int fd, @Out byte[] buffer, long size);

    long readlinkat(int dir, @In byte[] path, @Out byte[] buffer, long size);

    int mkdirat(int dir, @In byte[] path, int mode);

    int symlinkat(@In byte[] target, int dir, @In byte[] path);

    int linkat(int oldDir, @In byte[] oldPath, int newDir, @In byte[] newPath, int flags);

    int unlinkat(int dir, @In byte[] path, int flags);

    int chmod(@In byte[] path, int mode);

    int fchownat(int dir, @In byte[] path, int uid, int gid, int flags);

    int utimensat(int dir, @In byte[] path, @In byte[] times, int flags);

    long lseek(int fd, long offset, int whence);

    int fsync(int fd);

    int fchmod(int fd, int mode);

    int futimens(int fd, @In byte[] times);

    long pwrite(int fd, @In ByteBuffer buffer, long size, long offset);

    int ftruncate(int fd, long size);

    int syncfs(int fd);

    int flock(int fd, int operation);

    int fstatfs(int fd, @Out byte[] buffer);

    long listxattr(@In byte[] path, @Out byte[] list, long size);

    long getxattr(@In byte[] path, @In byte[] name, @Out byte[] value, long size);

    long flistxattr(int fd, @Out byte[] list, long size);

    long fgetxattr(int fd, @In byte[] name, @Out byte[] value, long size);

    int setxattr(@In byte[] path, @In byte[] name, @In byte[] value, long size, int flags);

    int removexattr(@In byte[] path, @In byte[] name);

    int mount(@In byte[] source, @In byte[] target, @In byte[] type, long flags, @In byte[] data);

    int umount2(@In byte[] target, int flags);

    /** getdents64. */
    long syscall(long number, int fd, @Out byte[] buffer, long size);

    /** mount_setattr, and open_tree, which does not look at the last two. */
    long syscall(
        long number, int dir, @In byte[] path, int flags, @In byte[] attributes, long size);

    /** openat2. */
    long syscall(long number, int dir, @In byte[] path, @In byte[] how, long size);

    /** mknodat. */
    long syscall(long number, int dir, @In byte[] path, int mode, int device);

    /** renameat2. */
    long syscall(
        long number, int oldDir, @In byte[] oldPath, int newDir, @In byte[] newPath, int flags);

    /** clone3. */
    long syscall(long number, @In byte[] arguments, long size);

    /** pidfd_open. */
    long syscall(long number, int pid, int flags);

    /** pidfd_send_signal, without siginfo. */
    long syscall(long number, int pidfd, int signal, long info, int flags);
  }
}
