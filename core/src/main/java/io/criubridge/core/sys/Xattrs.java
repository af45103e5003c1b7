// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.sys;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Extended attributes of an open file of any type, a symbolic link's own included. Names are text
 * of one char per byte (ISO 8859-1), values are bytes. Source: xattr(7).
 */
public final class Xattrs {

  /** XATTR_SIZE_MAX and XATTR_LIST_MAX of {@code include/uapi/linux/limits.h}. */
  private static final int MAX = 65_536;

  private static final byte[] EMPTY = {};

  private Xattrs() {}

  /** Every attribute; none where the file system has no attributes. */
  public static SortedMap<String, byte[]> read(Fd fd) throws ErrnoException {
    SortedMap<String, byte[]> all = new TreeMap<>();
    for (String name : names(fd)) {
      Optional<byte[]> value = get(fd, name);
      value.ifPresent(bytes -> all.put(name, bytes));
    }
    return all;
  }

  /** The name of every attribute; none where the file system has no attributes. */
  public static List<String> names(Fd fd) throws ErrnoException {
    byte[] names = EMPTY;
    for (; ; ) {
      long length = list(fd, names);
      if (length < 0) {
        ErrnoException failure = Syscalls.failure("listxattr", fd.toString());
        if (failure.errno() == Errno.EOPNOTSUPP) {
          return List.of();
        }
        if (failure.errno() != Errno.ERANGE) {
          throw failure;
        }
        names = new byte[MAX];
      } else if (length == 0) {
        return List.of();
      } else if (names.length == 0) {
        // Asked for the size alone, as most files have no attributes.
        names = new byte[(int) length];
      } else {
        return List.of(new String(names, 0, (int) length - 1, ISO_8859_1).split("\0", -1));
      }
    }
  }

  /** One attribute; absent where the file, or the file system, does not have it. */
  public static Optional<byte[]> get(Fd fd, String name) throws ErrnoException {
    byte[] value = new byte[256];
    long length = get(fd, cString(name), value);
    if (length < 0 && Syscalls.failure("getxattr", name).errno() == Errno.ERANGE) {
      value = new byte[MAX];
      length = get(fd, cString(name), value);
    }
    if (length < 0) {
      ErrnoException failure = Syscalls.failure("getxattr", fd + " " + name);
      if (failure.errno() == Errno.ENODATA || failure.errno() == Errno.EOPNOTSUPP) {
        return Optional.empty();
      }
      throw failure;
    }
    return Optional.of(Arrays.copyOf(value, (int) length));
  }

  private static long list(Fd fd, byte[] names) {
    if (names.length == 0 && !fd.isPathOnly()) {
      return DirectCalls.flistxattr(fd.number());
    }
    return fd.isPathOnly()
        ? Syscalls.libc().listxattr(fd.procName(), names, names.length)
        : Syscalls.libc().flistxattr(fd.number(), names, names.length);
  }

  private static long get(Fd fd, byte[] name, byte[] value) {
    return fd.isPathOnly()
        ? Syscalls.libc().getxattr(fd.procName(), name, value, value.length)
        : Syscalls.libc().fgetxattr(fd.number(), name, value, value.length);
  }

  /** Sets or replaces an attribute. */
  public static void set(Fd fd, String name, byte[] value) throws ErrnoException {
    byte[] path = fd.procName();
    int result = Syscalls.libc().setxattr(path, cString(name), value, value.length, 0);
    Syscalls.check(result, "setxattr", fd + " " + name);
  }

  /** Removes an attribute that is there. */
  public static void remove(Fd fd, String name) throws ErrnoException {
    byte[] path = fd.procName();
    int result = Syscalls.libc().removexattr(path, cString(name));
    Syscalls.check(result, "removexattr", fd + " " + name);
  }

  private static byte[] cString(String name) {
    return Syscalls.cString(name.getBytes(ISO_8859_1));
  }
}
