// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.sys;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * A mount of a directory that no path leads to, of this process alone: by it nothing is written,
 * the times of access stay as they are, and opening a device fails with EACCES. It goes with its
 * last descriptor.
 *
 * <p>Source: {@code open_tree(2)}, {@code mount_setattr(2)}; {@code include/uapi/linux/mount.h}
 */
final class PrivateMount {

  private static final int OPEN_TREE_CLONE = 1;

  private static final long RDONLY = 0x1;
  private static final long NODEV = 0x4;
  private static final long NOATIME = 0x10;
  private static final long ATIME = 0x70;

  /** {@code struct mount_attr}: what to set, what to clear first, propagation, user namespace. */
  private static final int ATTRIBUTES = 4 * Long.BYTES;

  private PrivateMount() {}

  /**
   * Mounts a directory without what is mounted below it.
   *
   * @return the directory there, open with O_PATH; absent where the kernel is older than Linux
   *     5.12, or does not let this process mount, or not this directory
   */
  static Optional<Fd> of(Fd directory) throws ErrnoException {
    LibC.Functions libc = Syscalls.libc();
    byte[] itself = Syscalls.cString("");
    int flags = OPEN_TREE_CLONE | Syscalls.O_CLOEXEC | Syscalls.AT_EMPTY_PATH;
    long number = libc.syscall(Abi.OPEN_TREE, directory.number(), itself, flags, itself, 0);
    if (number < 0) {
      return Optional.empty();
    }
    Fd mounted = directory.child((int) number, new byte[0], Syscalls.O_PATH);
    byte[] attributes =
        ByteBuffer.allocate(ATTRIBUTES)
            .order(ByteOrder.nativeOrder())
            .putLong(RDONLY | NODEV | NOATIME)
            .putLong(ATIME)
            .array();
    long result =
        libc.syscall(
            Abi.MOUNT_SETATTR,
            mounted.number(),
            itself,
            Syscalls.AT_EMPTY_PATH,
            attributes,
            attributes.length);
    if (result < 0) {
      mounted.close();
      return Optional.empty();
    }
    return Optional.of(mounted);
  }
}
