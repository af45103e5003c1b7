// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.memory;

import io.criubridge.images.proto.mm_entry;
import io.criubridge.images.proto.vma_entry;

/** What the bits of an area's status mean. Source: criu/include/image.h. */
final class VmaStatus {
  private static final int REGULAR = 1;
  private static final int STACK = 1 << 1;
  private static final int VSYSCALL = 1 << 2;
  private static final int VDSO = 1 << 3;
  private static final int HEAP = 1 << 5;
  private static final int FILE_PRIVATE = 1 << 6;
  private static final int FILE_SHARED = 1 << 7;
  private static final int ANON_SHARED = 1 << 8;
  private static final int SYSVIPC = 1 << 10;
  private static final int SOCKET = 1 << 11;
  private static final int VVAR = 1 << 12;
  private static final int AIORING = 1 << 13;
  private static final int MEMFD = 1 << 14;

  private VmaStatus() {}

  static AreaKind kind(vma_entry entry, mm_entry memory) {
    if (is(entry, SYSVIPC)) {
      return AreaKind.SYSTEM_V;
    } else if (is(entry, MEMFD)) {
      return AreaKind.MEMORY_FILE;
    } else if (is(entry, ANON_SHARED)) {
      return AreaKind.SHARED_ANONYMOUS;
    } else if (is(entry, SOCKET)) {
      return AreaKind.PACKET_SOCKET;
    } else if (is(entry, FILE_PRIVATE)) {
      return AreaKind.PRIVATE_FILE;
    } else if (is(entry, FILE_SHARED)) {
      return AreaKind.SHARED_FILE;
    } else if (is(entry, VSYSCALL)) {
      return AreaKind.VSYSCALL;
    } else if (is(entry, VDSO)) {
      return AreaKind.VDSO;
    } else if (is(entry, VVAR)) {
      return AreaKind.VVAR;
    } else if (is(entry, AIORING)) {
      return AreaKind.AIO_RING;
    }
    return anonymous(entry, memory);
  }

  static boolean isPrivate(vma_entry entry) {
    return !is(entry, FILE_SHARED) && !is(entry, ANON_SHARED) && !is(entry, SYSVIPC);
  }

  /** Whether CRIU looks for pages of the area at all. */
  static boolean isDumped(vma_entry entry) {
    return is(entry, REGULAR);
  }

  private static AreaKind anonymous(vma_entry entry, mm_entry memory) {
    boolean heap = is(entry, HEAP) || overlaps(entry, memory.getMmStartBrk(), memory.getMmBrk());
    if (heap) {
      return AreaKind.HEAP;
    }
    long stack = memory.getMmStartStack();
    boolean hasStack = is(entry, STACK) || overlaps(entry, stack, stack + 1);
    return hasStack ? AreaKind.STACK : AreaKind.ANONYMOUS;
  }

  private static boolean overlaps(vma_entry entry, long start, long end) {
    return Long.compareUnsigned(entry.getStart(), end) < 0
        && Long.compareUnsigned(start, entry.getEnd()) < 0;
  }

  private static boolean is(vma_entry entry, int bit) {
    return (entry.getStatus() & bit) != 0;
  }
}
