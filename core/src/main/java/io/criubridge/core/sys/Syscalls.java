// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.sys;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * System calls on files, one method each, that add nothing but the {@link ErrnoException}. A name
 * is one component, as bytes, looked up in an open directory; a link is never followed unless the
 * method says so. Descriptors are closed on exec.
 */
public final class Syscalls {
  public static final int O_RDONLY = 0;
  public static final int O_WRONLY = 1;
  public static final int O_RDWR = 2;
  public static final int O_CREAT = 0100;
  public static final int O_EXCL = 0200;
  public static final int O_NONBLOCK = 04000;
  public static final int O_PATH = 0x20_0000;
  public static final int O_DIRECTORY = Abi.CURRENT.openDirectory;
  public static final int O_NOFOLLOW = Abi.CURRENT.openNoFollow;
  static final int O_CLOEXEC = 0x8_0000;

  /** For {@link #unlinkat}. */
  public static final int AT_REMOVEDIR = 0x200;

  /** For {@link #renameat2}. */
  public static final int RENAME_NOREPLACE = 1;

  public static final int RENAME_EXCHANGE = 2;

  private static final int AT_FDCWD = -100;
  private static final int AT_SYMLINK_NOFOLLOW = 0x100;
  static final int AT_EMPTY_PATH = 0x1000;
  private static final long UTIME_OMIT = (1 << 30) - 2;
  private static final int PATH_MAX = 4096;
  private static final int STATFS_SIZE = 120;
  private static final byte[] EMPTY = {};

  /** Where {@link #lseek} goes to. Source: lseek(2). */
  public enum Whence {
    DATA(3),
    HOLE(4);

    private final int number;

    Whence(int number) {
      this.number = number;
    }
  }

  private Syscalls() {}

  /** Opens a host path; links are followed unless {@link #O_NOFOLLOW} is among the flags. */
  public static Fd open(Path path, int flags) throws ErrnoException {
    int number =
        DirectCalls.openat(AT_FDCWD, path.toString().getBytes(UTF_8), flags | O_CLOEXEC, 0);
    check(number, "openat", path.toString());
    return new Fd(number, path.toString(), BytePath.ROOT, flags);
  }

  /** Opens, or makes with {@link #O_CREAT}, an entry of a directory ({@code .}: itself). */
  public static Fd openat(Fd dir, byte[] name, int flags, int mode) throws ErrnoException {
    int all = flags | O_CLOEXEC | O_NOFOLLOW;
    int number = DirectCalls.openat(dir.number(), name, all, mode);
    checkAt(number, "openat", dir, name);
    return dir.child(number, name, flags);
  }

  /**
   * Opens the directory that an open directory is in. Who moved it meanwhile decides which that is.
   */
  public static Fd openParent(Fd dir, int flags) throws ErrnoException {
    byte[] name = {'.', '.'};
    int number = DirectCalls.openat(dir.number(), name, flags | O_CLOEXEC | O_NOFOLLOW, 0);
    check(number, "openat", dir + "/..");
    return dir.parent(number, flags);
  }

  /** Opens once more, to read or write, what is open with {@link #O_PATH}. */
  public static Fd reopen(Fd fd, int flags) throws ErrnoException {
    int number = DirectCalls.openat(AT_FDCWD, fd.procName(), flags | O_CLOEXEC, 0);
    check(number, "openat", fd);
    return fd.child(number, EMPTY, flags);
  }

  /** Opens a path below a directory, within the limits of {@code resolve}, see openat2(2). */
  static Fd openat2(Fd dir, BytePath path, int flags, long resolve) throws ErrnoException {
    ByteBuffer how = ByteBuffer.allocate(24).order(ByteOrder.nativeOrder());
    how.putLong(flags | O_CLOEXEC).putLong(0).putLong(resolve);
    byte[] name = path.isRoot() ? cString(".") : cString(path.relativeBytes());
    long number = libc().syscall(Abi.OPENAT2, dir.number(), name, how.array(), how.capacity());
    if (number < 0) {
      throw failure("openat2", dir.nameOf(path));
    }
    return dir.descendant((int) number, path, flags);
  }

  static void close(int number, Fd subject) throws ErrnoException {
    check(DirectCalls.close(number), "close", subject);
  }

  /** Describes the open file. */
  public static FileStat fstat(Fd fd) throws IOException {
    FileStat stat = statx(fd, EMPTY, AT_EMPTY_PATH);
    return stat.hasMountId() ? stat : stat.withMountId(FileStat.mountIdOf(fd));
  }

  /** Describes an entry of a directory; for a mount point, the root of what is mounted there. */
  public static FileStat fstatat(Fd dir, byte[] name) throws IOException {
    FileStat stat = statx(dir, name, AT_SYMLINK_NOFOLLOW);
    if (stat.hasMountId()) {
      return stat;
    }
    try (Fd entry = openat(dir, name, O_PATH, 0)) {
      return fstat(entry);
    }
  }

  private static FileStat statx(Fd dir, byte[] name, int flags) throws ErrnoException {
    FileStat stat = DirectCalls.statx(dir.number(), name, flags);
    if (stat == null) {
      throw failure("statx", dir.nameOf(name));
    }
    return stat;
  }

  /** The text of a symbolic link that is open with {@link #O_PATH}. */
  public static byte[] readlink(Fd link) throws ErrnoException {
    byte[] buffer = new byte[PATH_MAX];
    long length = libc().readlinkat(link.number(), cString(EMPTY), buffer, buffer.length);
    check(length, "readlinkat", link);
    if (length == buffer.length) {
      throw new ErrnoException("readlinkat", Errno.ENAMETOOLONG, link.toString());
    }
    return Arrays.copyOf(buffer, (int) length);
  }

  /** Makes a directory. */
  public static void mkdirat(Fd dir, byte[] name, int mode) throws ErrnoException {
    checkAt(libc().mkdirat(dir.number(), cString(name), mode), "mkdirat", dir, name);
  }

  /** Makes a device, a FIFO or an empty regular file. */
  public static void mknodat(Fd dir, byte[] name, FileType type, int mode, FileStat.Device device)
      throws ErrnoException {
    int bits = type.bits() | mode;
    int number = kernelDevice(device);
    long result = libc().syscall(Abi.CURRENT.mknodat, dir.number(), cString(name), bits, number);
    checkAt(result, "mknodat", dir, name);
  }

  /** The 32-bit form of a device number. Source: {@code include/linux/kdev_t.h}. */
  private static int kernelDevice(FileStat.Device device) {
    int minor = device.minor();
    return (minor & 0xff) | (device.major() << 8) | ((minor & ~0xff) << 12);
  }

  /** Makes a symbolic link. */
  public static void symlinkat(byte[] target, Fd dir, byte[] name) throws ErrnoException {
    int result = libc().symlinkat(cString(target), dir.number(), cString(name));
    checkAt(result, "symlinkat", dir, name);
  }

  /** Makes a hard link. */
  public static void linkat(Fd oldDir, byte[] oldName, Fd dir, byte[] name) throws ErrnoException {
    int result = libc().linkat(oldDir.number(), cString(oldName), dir.number(), cString(name), 0);
    checkAt(result, "linkat", dir, name);
  }

  /** Removes a name; an empty directory with {@link #AT_REMOVEDIR}. */
  public static void unlinkat(Fd dir, byte[] name, int flags) throws ErrnoException {
    checkAt(libc().unlinkat(dir.number(), cString(name), flags), "unlinkat", dir, name);
  }

  /** Renames, replacing what is there unless the flags say otherwise. */
  public static void renameat2(Fd oldDir, byte[] oldName, Fd dir, byte[] name, int flags)
      throws ErrnoException {
    byte[] from = cString(oldName);
    byte[] to = cString(name);
    long result =
        libc().syscall(Abi.CURRENT.renameat2, oldDir.number(), from, dir.number(), to, flags);
    checkAt(result, "renameat2", dir, name);
  }

  /** Sets the permission bits of anything but a symbolic link. */
  public static void chmod(Fd fd, int mode) throws ErrnoException {
    check(libc().chmod(fd.procName(), mode), "chmod", fd);
  }

  /** Sets owner and group; the kernel drops setuid bits and file capabilities. */
  public static void chown(Fd fd, long uid, long gid) throws ErrnoException {
    int result = libc().fchownat(fd.number(), cString(EMPTY), (int) uid, (int) gid, AT_EMPTY_PATH);
    check(result, "fchownat", fd);
  }

  /** Sets the time of last modification and leaves that of last access. */
  public static void setModified(Fd fd, FileStat.Time time) throws ErrnoException {
    int result = libc().utimensat(AT_FDCWD, fd.procName(), modifiedAt(time), 0);
    check(result, "utimensat", fd);
  }

  /** Two {@code struct timespec}: the time of access as it is, that of modification. */
  static byte[] modifiedAt(FileStat.Time time) {
    ByteBuffer times = ByteBuffer.allocate(32).order(ByteOrder.nativeOrder());
    times.putLong(0).putLong(UTIME_OMIT).putLong(time.seconds()).putLong(time.nanos());
    return times.array();
  }

  /** Finds the next data or hole from an offset on; ENXIO if there is none. */
  public static long lseek(Fd fd, long offset, Whence whence) throws ErrnoException {
    long found = libc().lseek(fd.number(), offset, whence.number);
    check(found, "lseek", fd);
    return found;
  }

  /**
   * Reads from an offset of a file into a direct buffer, as much as comes at once.
   *
   * @return the count of bytes, 0 at the end of the file
   */
  public static int pread(Fd fd, ByteBuffer direct, long offset) throws ErrnoException {
    long count = DirectCalls.pread(fd.number(), direct, offset);
    check(count, "pread", fd);
    direct.position(direct.position() + (int) count);
    return (int) count;
  }

  /** Waits until all that is written to a file system is on its disk. */
  public static void syncfs(Fd fd) throws ErrnoException {
    check(libc().syncfs(fd.number()), "syncfs", fd);
  }

  /** The magic number of the file's file system. Source: statfs(2). */
  public static long fileSystemType(Fd fd) throws ErrnoException {
    ByteBuffer statfs = ByteBuffer.allocate(STATFS_SIZE).order(ByteOrder.nativeOrder());
    check(libc().fstatfs(fd.number(), statfs.array()), "fstatfs", fd);
    return statfs.getLong(0);
  }

  /** Waits until the file, or a directory's entries, are on disk. */
  public static void fsync(Fd fd) throws ErrnoException {
    check(libc().fsync(fd.number()), "fsync", fd);
  }

  /** Sets the size; what is added is a hole. */
  public static void ftruncate(Fd fd, long size) throws ErrnoException {
    check(libc().ftruncate(fd.number(), size), "ftruncate", fd);
  }

  static LibC.Functions libc() {
    return LibC.FUNCTIONS;
  }

  private static void checkAt(long result, String call, Fd dir, byte[] name) throws ErrnoException {
    if (result < 0) {
      throw failure(call, dir.nameOf(name));
    }
  }

  static void check(long result, String call, String subject) throws ErrnoException {
    if (result < 0) {
      throw failure(call, subject);
    }
  }

  static void check(long result, String call, Fd subject) throws ErrnoException {
    if (result < 0) {
      throw failure(call, subject.toString());
    }
  }

  static ErrnoException failure(String call, String subject) {
    return new ErrnoException(call, LibC.errno(), subject);
  }

  static byte[] cString(String text) {
    return cString(text.getBytes(UTF_8));
  }

  static byte[] cString(Path path) {
    return cString(path.toString());
  }

  static byte[] cString(byte[] bytes) {
    return Arrays.copyOf(bytes, bytes.length + 1);
  }
}
