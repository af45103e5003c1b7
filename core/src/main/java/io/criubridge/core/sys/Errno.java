// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.sys;

/**
 * Error numbers that callers tell apart, and the names of all of them.
 *
 * <p>Source: errno(3), {@code include/uapi/asm-generic/errno.h}; x86_64 and aarch64 agree.
 */
public final class Errno {
  public static final int EPERM = 1;
  public static final int ENOENT = 2;
  public static final int ESRCH = 3;
  public static final int EIO = 5;
  public static final int ENXIO = 6;
  public static final int EAGAIN = 11;
  public static final int EACCES = 13;
  public static final int EBUSY = 16;
  public static final int EEXIST = 17;
  public static final int EXDEV = 18;
  public static final int ENOTDIR = 20;
  public static final int EISDIR = 21;
  public static final int EINVAL = 22;
  public static final int EFBIG = 27;
  public static final int EROFS = 30;
  public static final int ERANGE = 34;
  public static final int ENAMETOOLONG = 36;
  public static final int ENOSYS = 38;
  public static final int ENOTEMPTY = 39;
  public static final int ELOOP = 40;
  public static final int ENODATA = 61;
  public static final int EOPNOTSUPP = 95;

  private Errno() {}

  /** Names an error for people: {@code ENOENT (No such file or directory)}. */
  static String describe(int errno) {
    jnr.constants.platform.Errno known = jnr.constants.platform.Errno.valueOf(errno);
    return known == jnr.constants.platform.Errno.__UNKNOWN_CONSTANT__
        ? "errno " + errno
        : known.name() + " (" + known.description() + ")";
  }
}
