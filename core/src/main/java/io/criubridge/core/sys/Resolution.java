// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.sys;

/**
 * How a path below a {@link ScopedRoot} is looked up. None of them ever leaves the root or passes
 * through a magic link. Source: openat2(2).
 */
enum Resolution {
  /** Symbolic links mean what they mean to a process in that root; mounts are crossed. */
  FOLLOW(0x10 | 0x02, 0),
  /** As {@link #FOLLOW}, but a link at the leaf is opened itself. */
  FOLLOW_PARENTS(0x10 | 0x02, Syscalls.O_NOFOLLOW),
  /** A link on the way is ELOOP, a mount on the way or at the leaf is EXDEV. */
  STRICT(0x08 | 0x04 | 0x02 | 0x01, Syscalls.O_NOFOLLOW);

  /** RESOLVE_IN_ROOT, _BENEATH, _NO_SYMLINKS, _NO_MAGICLINKS, _NO_XDEV as 0x10, 8, 4, 2, 1. */
  final long resolveFlags;

  final int openFlags;

  Resolution(long resolveFlags, int leafFlags) {
    this.resolveFlags = resolveFlags;
    this.openFlags = Syscalls.O_PATH | leafFlags;
  }
}
