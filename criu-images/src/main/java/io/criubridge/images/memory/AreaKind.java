// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.memory;

/** What an area of memory is, and so what stands for its pages that are not in the images. */
public enum AreaKind {
  /** Private; a page that is not in the images was never written, and is zero. */
  ANONYMOUS,
  /** The heap of brk(2), otherwise as {@link #ANONYMOUS}. */
  HEAP,
  /** The stack of the first thread, otherwise as {@link #ANONYMOUS}. */
  STACK,
  /** A private mapping of a file; a page that is not in the images is as in the file. */
  PRIVATE_FILE,
  /** A shared mapping of a file; CRIU dumps none of it. */
  SHARED_FILE,
  /** Shared between processes; a page that is not in the images is zero. */
  SHARED_ANONYMOUS,
  /** A segment of System V shared memory, otherwise as {@link #SHARED_ANONYMOUS}. */
  SYSTEM_V,
  /** A file of memfd_create(2), otherwise as {@link #SHARED_ANONYMOUS}. */
  MEMORY_FILE,
  /** A ring of io_setup(2). */
  AIO_RING,
  /** The ring of a packet socket; not dumped. */
  PACKET_SOCKET,
  /** Code of the kernel for every process. */
  VDSO,
  /** Data of the kernel for every process; not dumped. */
  VVAR,
  /** The old place of the kernel's code; not dumped. */
  VSYSCALL
}
