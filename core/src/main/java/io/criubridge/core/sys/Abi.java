// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.sys;

/**
 * What differs between the machines that this project runs on: numbers of the system calls that
 * libc lacks or had only lately, and open flags.
 *
 * <p>Source: {@code arch/x86/entry/syscalls/syscall_64.tbl}, {@code
 * include/uapi/asm-generic/unistd.h}, {@code arch/arm64/include/uapi/asm/fcntl.h}.
 */
enum Abi {
  X86_64(217, 259, 316, 332, 0x1_0000, 0x2_0000),
  AARCH64(61, 33, 276, 291, 0x4000, 0x8000);

  static final Abi CURRENT = ofArchitecture(System.getProperty("os.arch", ""));

  /** The same on every machine: numbers from 424 on are shared. */
  static final long PIDFD_SEND_SIGNAL = 424;

  static final long OPEN_TREE = 428;
  static final long PIDFD_OPEN = 434;
  static final long CLONE3 = 435;
  static final long OPENAT2 = 437;
  static final long MOUNT_SETATTR = 442;

  final long getdents64;
  final long mknodat;
  final long renameat2;
  final long statx;
  final int openDirectory;
  final int openNoFollow;

  Abi(
      long getdents64,
      long mknodat,
      long renameat2,
      long statx,
      int openDirectory,
      int openNoFollow) {
    this.getdents64 = getdents64;
    this.mknodat = mknodat;
    this.renameat2 = renameat2;
    this.statx = statx;
    this.openDirectory = openDirectory;
    this.openNoFollow = openNoFollow;
  }

  private static Abi ofArchitecture(String name) {
    return switch (name) {
      case "amd64", "x86_64" -> X86_64;
      case "aarch64" -> AARCH64;
      default -> throw new UnsupportedOperationException("no system call numbers for " + name);
    };
  }
}
