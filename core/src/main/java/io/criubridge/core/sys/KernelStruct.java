// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.sys;

import com.kenai.jffi.MemoryIO;
import java.nio.ByteBuffer;

/**
 * A structure that the kernel fills. Read by its address: a walk of many files reads some twenty
 * numbers of each, and a ByteBuffer takes several calls for each number where only the simpler
 * compiler is at work.
 */
final class KernelStruct {

  private static final MemoryIO MEMORY = MemoryIO.getInstance();

  private final ByteBuffer buffer;
  private final long address;

  /** Makes room for a structure of so many bytes. */
  KernelStruct(int size) {
    this.buffer = ByteBuffer.allocateDirect(size);
    this.address = MEMORY.getDirectBufferAddress(buffer);
  }

  /** Where the kernel is to write it; good as long as this object is. */
  long address() {
    return address;
  }

  /** An unsigned number of 16 bits. */
  int u16(int offset) {
    return Short.toUnsignedInt(MEMORY.getShort(at(offset, Short.BYTES)));
  }

  /** An unsigned number of 32 bits. */
  long u32(int offset) {
    return Integer.toUnsignedLong(MEMORY.getInt(at(offset, Integer.BYTES)));
  }

  /** A number of 64 bits. */
  long i64(int offset) {
    return MEMORY.getLong(at(offset, Long.BYTES));
  }

  private long at(int offset, int width) {
    if (offset < 0 || offset > buffer.capacity() - width) {
      throw new IndexOutOfBoundsException(offset);
    }
    return address + offset;
  }
}
