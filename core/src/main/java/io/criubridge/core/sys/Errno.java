// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.sys;

import java.io.IOException;
import java.util.stream.Stream;

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
  public static final int EBADF = 9;
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
  public static final int ENOLCK = 37;
  public static final int ENOSYS = 38;
  public static final int ENOTEMPTY = 39;
  public static final int ELOOP = 40;
  public static final int ENODATA = 61;
  public static final int EOPNOTSUPP = 95;

  private Errno() {}

  /** Names an error for people, and says what to do about those of the machine. */
  static String describe(int errno) {
    jnr.constants.platform.Errno known = jnr.constants.platform.Errno.valueOf(errno);
    return known == jnr.constants.platform.Errno.__UNKNOWN_CONSTANT__
        ? "errno " + errno
        : known.name() + " (" + known.description() + ")" + advice(known);
  }

  /** As {@link #describe(int)}, for an error that the JDK tells by its text alone. */
  public static String describe(IOException failure) {
    String text = String.valueOf(failure.getMessage());
    return Stream.of(jnr.constants.platform.Errno.values())
        .filter(known -> known.defined() && known.description().equals(text))
        .findFirst()
        .map(known -> describe(known.intValue()))
        .orElse(text);
  }

  /** For those that mean the same whatever the call. */
  private static String advice(jnr.constants.platform.Errno errno) {
    return switch (errno) {
      case EIO -> ": its disk fails, the kernel's log says how";
      case EMFILE -> ": raise the limit of open files, ulimit -n";
      case ENOSPC, EDQUOT -> ": free space on its file system, or use another one";
      case EROFS -> ": its file system must be mounted writable";
      default -> "";
    };
  }
}
