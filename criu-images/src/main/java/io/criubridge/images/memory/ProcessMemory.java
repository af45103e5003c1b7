// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.memory;

import com.google.protobuf.ByteString;
import io.criubridge.images.ImageSet;
import io.criubridge.images.ImageType;
import io.criubridge.images.files.MemoryFile;
import io.criubridge.images.files.OpenFiles;
import io.criubridge.images.proto.fd_types;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The memory of a process, from the images of its dump and of those that it is an increment to. It
 * is read as a stream: the size of the memory does not matter. Pages that are not in the images are
 * left out; what stands for them is told by {@link AreaKind}. In an area whose pages are lazy,
 * those are left out too: see {@link AreaPages#lazy()}.
 */
public final class ProcessMemory {

  /** The kernel has none that are longer. Source: fs/exec.c of Linux, bprm_stack_limits(). */
  private static final int LONGEST_ARGUMENTS = 6 << 20;

  private final ImageSet set;
  private final OpenFiles files;
  private final MemoryMap map;

  private ProcessMemory(ImageSet set, OpenFiles files, MemoryMap map) {
    this.set = set;
    this.files = files;
    this.map = map;
  }

  /**
   * Reads the map of a process.
   *
   * @throws io.criubridge.images.ImageFormatException if it has none, as a process that has ended
   */
  public static ProcessMemory of(ImageSet set, OpenFiles files, int pid) throws IOException {
    return new ProcessMemory(set, files, MemoryMap.read(set, files, pid));
  }

  /** Which areas there are. */
  public MemoryMap map() {
    return map;
  }

  /** Counts what the images hold of each area. */
  public List<AreaPages> pages() throws IOException {
    List<AreaPages> counts = new ArrayList<>();
    map.areas().forEach(area -> counts.add(new AreaPages(area, 0, 0, 0)));
    walk(MemoryMap.Range.ALL, (index, extent) -> counts.set(index, counts.get(index).plus(extent)));
    return counts;
  }

  /**
   * Gives every byte of some addresses that the images hold, upwards.
   *
   * @throws io.criubridge.images.ImageFormatException if the images are damaged
   */
  public void copy(MemoryMap.Range range, MemorySink sink) throws IOException {
    try (PageFiles pages = new PageFiles()) {
      walk(
          range,
          (index, extent) -> {
            if (!extent.lazy()) {
              // A moved extent has the address of the process, and the place of its bytes.
              pages.copy(extent, sink);
            }
          });
    }
  }

  /** The command line, as far as the images hold it; none if they lack any of it. */
  public Optional<List<ByteString>> arguments() throws IOException {
    return strings(map.arguments());
  }

  /** The environment; none if the images lack any of it. */
  public Optional<List<ByteString>> environment() throws IOException {
    return strings(map.environment());
  }

  private Optional<List<ByteString>> strings(MemoryMap.Range range) throws IOException {
    long length = range.end() - range.start();
    if (length <= 0 || length > LONGEST_ARGUMENTS) {
      return length == 0 ? Optional.of(List.of()) : Optional.empty();
    }
    ByteString.Output bytes = ByteString.newOutput();
    copy(range, (address, buffer) -> ByteString.copyFrom(buffer).writeTo(bytes));
    return bytes.size() < length ? Optional.empty() : Optional.of(split(bytes.toByteString()));
  }

  private static List<ByteString> split(ByteString bytes) {
    List<ByteString> strings = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < bytes.size(); i++) {
      if (bytes.byteAt(i) == 0) {
        strings.add(bytes.substring(start, i));
        start = i + 1;
      }
    }
    if (start < bytes.size()) {
      strings.add(bytes.substring(start));
    }
    return strings;
  }

  @FunctionalInterface
  private interface Visitor {
    void visit(int area, Extent extent) throws IOException;
  }

  private void walk(MemoryMap.Range range, Visitor visitor) throws IOException {
    DumpChain dump = DumpChain.of(set.directory());
    String name = ImageType.PAGEMAP.fileName().name(map.pid());
    try (PageCursor own = PageCursor.open(dump, name, map.pageSize())) {
      for (int i = 0; i < map.areas().size(); i++) {
        MemoryArea area = map.areas().get(i);
        long from = PageLayers.max(area.start(), range.start());
        long to = PageLayers.min(area.end(), range.end());
        if (Long.compareUnsigned(from, to) < 0) {
          int index = i;
          try (PageLayers layers = layers(dump, area, own)) {
            layers.walk(from, to, extent -> visitor.visit(index, extent));
          }
        }
      }
    }
  }

  private PageLayers layers(DumpChain dump, MemoryArea area, PageCursor own) throws IOException {
    PageLayers layers = new PageLayers();
    if (area.isPrivate()) {
      layers.add(own);
    }
    OptionalLong shared = sharedMemory(area);
    if (shared.isPresent()) {
      String name = ImageType.SHMEM_PAGEMAP.fileName().name(shared.getAsLong());
      layers.addShared(
          PageCursor.open(dump, name, map.pageSize()), area.start() - area.fileOffset());
    }
    return layers;
  }

  private OptionalLong sharedMemory(MemoryArea area) {
    return switch (area.kind()) {
      case SHARED_ANONYMOUS, SYSTEM_V -> OptionalLong.of(area.objectId());
      case MEMORY_FILE ->
          files
              .find(fd_types.MEMFD, area.objectId())
              .filter(MemoryFile.class::isInstance)
              .map(file -> OptionalLong.of(((MemoryFile) file).sharedMemoryId()))
              .orElse(OptionalLong.empty());
      default -> OptionalLong.empty();
    };
  }
}
