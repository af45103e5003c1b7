// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.memory;

import com.google.protobuf.ByteString;
import io.criubridge.images.ImageEntry;
import io.criubridge.images.ImageFormatException;
import io.criubridge.images.ImageSet;
import io.criubridge.images.ImageType;
import io.criubridge.images.files.MemoryFile;
import io.criubridge.images.files.OpenFiles;
import io.criubridge.images.files.RegularFile;
import io.criubridge.images.proto.fd_types;
import io.criubridge.images.proto.mm_entry;
import io.criubridge.images.proto.vma_entry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The memory map of a process. Source: images/mm.proto, images/vma.proto.
 *
 * @param pid as in {@link io.criubridge.images.CheckpointedProcess#pid()}
 * @param pageSize in bytes, as the kernel told the process
 * @param areas in ascending order, none over another
 * @param arguments where the command line is
 * @param environment where the environment is
 */
public record MemoryMap(
    int pid, int pageSize, List<MemoryArea> areas, Range arguments, Range environment) {

  private static final int DEFAULT_PAGE = 4096;
  private static final int LARGEST_PAGE = 1 << 16;
  private static final int AT_PAGESZ = 6;

  /**
   * Some addresses.
   *
   * @param end the address after the last
   */
  public record Range(long start, long end) {
    /** All addresses but the very last, which no process can use. */
    public static final Range ALL = new Range(0, -1);
  }

  /** Keeps its own copy of the areas. */
  public MemoryMap {
    areas = List.copyOf(areas);
  }

  /**
   * Reads the map of a process.
   *
   * @throws ImageFormatException if the set has none, as for a process that has ended, or one that
   *     no kernel allows
   */
  public static MemoryMap read(ImageSet set, OpenFiles files, int pid) throws IOException {
    String name = ImageType.MM.fileName().name(pid);
    mm_entry memory = set.required(name, mm_entry.class);
    int pageSize = pageSize(memory);
    List<vma_entry> entries = memory.getVmasList();
    if (entries.isEmpty()) {
      // CRIU before 1.6 had a file for them.
      name = ImageType.VMAS.fileName().name(pid);
      entries = new ArrayList<>();
      for (ImageEntry entry : set.entries(name)) {
        entries.add((vma_entry) entry.message());
      }
    }
    List<MemoryArea> areas = new ArrayList<>();
    long end = 0;
    for (vma_entry entry : entries) {
      boolean inPlace =
          Long.compareUnsigned(end, entry.getStart()) <= 0
              && Long.compareUnsigned(entry.getStart(), entry.getEnd()) < 0
              && ((entry.getStart() | entry.getEnd()) & pageSize - 1) == 0;
      if (!inPlace) {
        throw new ImageFormatException(
            set.file(name),
            0,
            "an area of whole pages above 0x%x".formatted(end),
            "0x%x-0x%x".formatted(entry.getStart(), entry.getEnd()));
      }
      areas.add(area(entry, memory, files));
      end = entry.getEnd();
    }
    return new MemoryMap(
        pid,
        pageSize,
        areas,
        new Range(memory.getMmArgStart(), memory.getMmArgEnd()),
        new Range(memory.getMmEnvStart(), memory.getMmEnvEnd()));
  }

  /** The area that holds an address. */
  public Optional<MemoryArea> at(long address) {
    return areas.stream().filter(area -> area.contains(address)).findFirst();
  }

  private static int pageSize(mm_entry memory) {
    for (int i = 0; i + 1 < memory.getMmSavedAuxvCount(); i += 2) {
      long value = memory.getMmSavedAuxv(i + 1);
      if (memory.getMmSavedAuxv(i) == AT_PAGESZ
          && value >= DEFAULT_PAGE
          && value <= LARGEST_PAGE
          && Long.bitCount(value) == 1) {
        return (int) value;
      }
    }
    return DEFAULT_PAGE;
  }

  private static MemoryArea area(vma_entry entry, mm_entry memory, OpenFiles files) {
    AreaKind kind = VmaStatus.kind(entry, memory);
    return new MemoryArea(
        entry.getStart(),
        entry.getEnd(),
        entry.getProt(),
        entry.getPgoff(),
        entry.getShmid(),
        VmaStatus.isPrivate(entry),
        VmaStatus.isDumped(entry),
        kind,
        path(kind, entry, files));
  }

  private static Optional<ByteString> path(AreaKind kind, vma_entry entry, OpenFiles files) {
    return switch (kind) {
      case PRIVATE_FILE, SHARED_FILE ->
          files
              .find(fd_types.REG, entry.getShmid())
              .filter(RegularFile.class::isInstance)
              .map(file -> ((RegularFile) file).path());
      case MEMORY_FILE ->
          files
              .find(fd_types.MEMFD, entry.getShmid())
              .filter(MemoryFile.class::isInstance)
              .map(file -> ((MemoryFile) file).name());
      default -> Optional.empty();
    };
  }
}
