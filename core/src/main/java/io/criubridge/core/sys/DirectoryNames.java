// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.sys;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The names in a directory, as the kernel gives them. Source: getdents64(2). */
public final class DirectoryNames {

  /** As large as {@link #read} can make use of. */
  public static final int BUFFER = 64 * 1024;

  private DirectoryNames() {}

  /** The names in a directory, in no order, without {@code .} and {@code ..}. */
  public static List<byte[]> list(Fd dir) throws ErrnoException {
    try (Fd readable = openAgain(dir)) {
      return read(readable, new byte[BUFFER]);
    }
  }

  /** Opens a directory once more, to read its names. */
  static Fd openAgain(Fd dir) throws ErrnoException {
    return Syscalls.openat(dir, new byte[] {'.'}, Syscalls.O_RDONLY | Syscalls.O_DIRECTORY, 0);
  }

  /** As {@link #list}, of a directory just opened for reading, by way of the caller's buffer. */
  public static List<byte[]> read(Fd readable, byte[] buffer) throws ErrnoException {
    List<byte[]> names = new ArrayList<>();
    while (readSome(readable, buffer, names)) {
      // Until there are no more.
    }
    return names;
  }

  /**
   * Adds the next names in a directory opened for reading, at most as many as the buffer holds. It
   * may also add none while there are more.
   *
   * @return false at the end
   */
  static boolean readSome(Fd readable, byte[] buffer, List<byte[]> names) throws ErrnoException {
    long length =
        Syscalls.libc().syscall(Abi.CURRENT.getdents64, readable.number(), buffer, buffer.length);
    Syscalls.check(length, "getdents64", readable);
    add(readable.toString(), buffer, (int) length, names);
    return length > 0;
  }

  /**
   * Reads {@code struct linux_dirent64}: record length at 16, name at 19. A name with a slash, of a
   * damaged file system, would lead elsewhere; Linux itself refuses it since 5.4, in the same way.
   */
  static void add(String directory, byte[] buffer, int filled, List<byte[]> names)
      throws ErrnoException {
    ByteBuffer entries = ByteBuffer.wrap(buffer).order(ByteOrder.nativeOrder());
    int length;
    for (int at = 0; at < filled; at += length) {
      length = Short.toUnsignedInt(entries.getShort(at + 16));
      int end = at + 19;
      while (buffer[end] != 0) {
        if (buffer[end] == '/') {
          throw new ErrnoException("getdents64", Errno.EIO, directory);
        }
        end++;
      }
      byte[] name = Arrays.copyOfRange(buffer, at + 19, end);
      boolean dots = name[0] == '.' && (name.length == 1 || (name.length == 2 && name[1] == '.'));
      if (!dots) {
        names.add(name);
      }
    }
  }
}
