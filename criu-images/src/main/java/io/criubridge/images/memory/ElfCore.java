// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.memory;

import io.criubridge.images.ImageSet;
import io.criubridge.images.ImageType;
import io.criubridge.images.proto.core_entry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.List;

/**
 * A memory as an ELF core file, which debuggers read: one segment for each area, at its address.
 * Areas of which the images hold nothing are segments without content, so that a debugger takes
 * them from the program. Pages that the images lack in other areas are zero, also where they are
 * those of a file. There are no registers in it. Source: elf(5).
 */
public final class ElfCore {
  private static final int HEADER_BYTES = 64;
  private static final int SEGMENT_BYTES = 56;
  private static final int MOST_SEGMENTS = 0xfffe;
  private static final int ET_CORE = 4;
  private static final int PT_LOAD = 1;

  private final ProcessMemory memory;
  private final List<AreaPages> areas;
  private final int machine;

  private ElfCore(ProcessMemory memory, List<AreaPages> areas, int machine) {
    this.memory = memory;
    this.areas = areas;
    this.machine = machine;
  }

  /** Prepares the core file of a process. */
  public static ElfCore of(ImageSet set, ProcessMemory memory) throws IOException {
    String core = ImageType.CORE.fileName().name(memory.map().pid());
    List<AreaPages> areas = memory.pages();
    if (areas.size() > MOST_SEGMENTS) {
      throw new IOException(areas.size() + " areas of memory: more than a core file holds");
    }
    return new ElfCore(memory, areas, machine(set.required(core, core_entry.class)));
  }

  /**
   * Writes it to an empty file, with holes for what is zero.
   *
   * @return the file's length in bytes
   */
  public long write(FileChannel file) throws IOException {
    int page = memory.map().pageSize();
    long contents = HEADER_BYTES + (long) areas.size() * SEGMENT_BYTES;
    long offset = (contents + page - 1) / page * page;
    ByteBuffer headers = ByteBuffer.allocate((int) contents).order(ByteOrder.LITTLE_ENDIAN);
    putHeader(headers);
    for (AreaPages pages : areas) {
      putSegment(headers, pages, offset);
      if (pages.resident() > 0) {
        copy(pages.area(), file, offset);
        offset += pages.area().bytes();
      }
    }
    put(file, headers.flip(), 0);
    if (file.size() < offset) {
      put(file, ByteBuffer.allocate(1), offset - 1);
    }
    return file.size();
  }

  private void copy(MemoryArea area, FileChannel file, long offset) throws IOException {
    memory.copy(
        new MemoryMap.Range(area.start(), area.end()),
        (address, bytes) -> put(file, bytes, offset + (address - area.start())));
  }

  private void putHeader(ByteBuffer out) {
    out.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1}).position(16);
    out.putShort((short) ET_CORE).putShort((short) machine).putInt(1);
    // No entry point; the segments follow; there are no sections.
    out.putLong(0).putLong(HEADER_BYTES).putLong(0).putInt(0);
    out.putShort((short) HEADER_BYTES).putShort((short) SEGMENT_BYTES);
    out.putShort((short) areas.size()).putShort((short) 0).putShort((short) 0).putShort((short) 0);
  }

  private void putSegment(ByteBuffer out, AreaPages pages, long offset) {
    MemoryArea area = pages.area();
    int protection = area.protection();
    // Read, write and execute have other bits than in mmap(2).
    int flags = (protection & 1) << 2 | (protection & 2) | (protection & 4) >> 2;
    out.putInt(PT_LOAD).putInt(flags).putLong(offset).putLong(area.start()).putLong(0);
    out.putLong(pages.resident() > 0 ? area.bytes() : 0).putLong(area.bytes());
    out.putLong(memory.map().pageSize());
  }

  private static int machine(core_entry core) {
    return switch (core.getMtype()) {
      case X86_64 -> 62;
      case ARM -> 40;
      case AARCH64 -> 183;
      case PPC64 -> 21;
      case S390 -> 22;
      case MIPS -> 8;
      case LOONGARCH64 -> 258;
      case RISCV64 -> 243;
      case UNKNOWN -> 0;
    };
  }

  private static void put(FileChannel file, ByteBuffer bytes, long offset) throws IOException {
    long at = offset;
    while (bytes.hasRemaining()) {
      at += file.write(bytes, at);
    }
  }
}
