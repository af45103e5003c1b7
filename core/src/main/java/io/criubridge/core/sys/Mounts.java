// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.sys;

import java.nio.file.Path;

/** Mounting and unmounting in this process's mount namespace. */
public final class Mounts {
  public static final long MS_RDONLY = 1;
  public static final long MS_NOSUID = 2;
  public static final long MS_NODEV = 4;
  public static final long MS_NOEXEC = 8;
  public static final long MS_REMOUNT = 32;
  public static final long MS_BIND = 4096;
  public static final long MS_NOSYMFOLLOW = 256;
  public static final long MS_REC = 16_384;
  public static final long MS_UNBINDABLE = 1 << 17;
  public static final long MS_PRIVATE = 1 << 18;

  public static final int MNT_DETACH = 2;
  public static final int UMOUNT_NOFOLLOW = 8;

  private Mounts() {}

  /**
   * Calls mount(2).
   *
   * @param source what to mount; ignored by the kernel for a change of flags
   * @param target where; {@link Fd#procPath()} names a place without looking it up again
   * @param type the file system, ignored for a bind mount or a change of flags
   * @param flags MS_ constants, or-ed
   * @param data the file system's options, may be empty
   */
  public static void mount(String source, Path target, String type, long flags, String data)
      throws ErrnoException {
    byte[] from = Syscalls.cString(source);
    byte[] to = Syscalls.cString(target);
    byte[] options = Syscalls.cString(data);
    int result = Syscalls.libc().mount(from, to, Syscalls.cString(type), flags, options);
    Syscalls.check(result, "mount", target.toString());
  }

  /** Calls umount2(2). */
  public static void umount(Path target, int flags) throws ErrnoException {
    int result = Syscalls.libc().umount2(Syscalls.cString(target), flags);
    Syscalls.check(result, "umount2", target.toString());
  }
}
