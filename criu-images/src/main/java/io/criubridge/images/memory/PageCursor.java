// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.memory;

import io.criubridge.images.ImageEntry;
import io.criubridge.images.ImageFormatException;
import io.criubridge.images.ImageReader;
import io.criubridge.images.ImageType;
import io.criubridge.images.proto.pagemap_entry;
import io.criubridge.images.proto.pagemap_head;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Runs through a pagemap once, upwards, and through those of earlier dumps beside it; so it needs
 * no memory for them. Source: criu/pagemap.c.
 */
final class PageCursor implements Closeable {
  private static final int IN_PARENT = 1;
  private static final int LAZY = 1 << 1;
  private static final int PRESENT = 1 << 2;

  private final DumpChain dump;
  private final String name;
  private final int pageSize;
  private final @Nullable ImageReader reader;
  private Path pages;
  private long offset;
  private @Nullable PageCursor parent;
  private @Nullable Extent current;
  private long entryOffset;

  private PageCursor(DumpChain dump, String name, int pageSize, @Nullable ImageReader reader) {
    this.dump = dump;
    this.name = name;
    this.pageSize = pageSize;
    this.reader = reader;
    this.pages = dump.directory();
  }

  /**
   * Opens a pagemap; one that was not written has no pages.
   *
   * @param name of the file
   * @param pageSize in bytes
   */
  static PageCursor open(DumpChain dump, String name, int pageSize) throws IOException {
    ImageReader reader;
    try {
      reader = ImageReader.open(dump.directory().resolve(name));
    } catch (NoSuchFileException notWritten) {
      return new PageCursor(dump, name, pageSize, null);
    }
    PageCursor cursor = new PageCursor(dump, name, pageSize, reader);
    try {
      Optional<ImageEntry> head = reader.next();
      if (head.isPresent()) {
        long id = Integer.toUnsignedLong(((pagemap_head) head.get().message()).getPagesId());
        cursor.pages = dump.directory().resolve(ImageType.PAGES.fileName().name(id));
      }
    } catch (IOException e) {
      try (reader) {
        throw e;
      }
    }
    return cursor;
  }

  /**
   * The next pages that the images know of, cut off at both ends.
   *
   * @param from not below the last call's
   * @param to the address after the last that is of interest
   */
  Optional<Extent> next(long from, long to) throws IOException {
    while (current == null || Long.compareUnsigned(current.end(), from) <= 0) {
      if (!advance()) {
        return Optional.empty();
      }
    }
    Extent found = current;
    long start = PageLayers.max(found.start(), from);
    long end = PageLayers.min(found.end(), to);
    if (Long.compareUnsigned(start, end) >= 0) {
      return Optional.empty();
    }
    Extent part = found.part(start, end);
    return Optional.of(found.inherited() ? inParent(part) : part);
  }

  @Override
  public void close() throws IOException {
    if (parent != null) {
      parent.close();
    }
    if (reader != null) {
      reader.close();
    }
  }

  private boolean advance() throws IOException {
    Optional<ImageEntry> next = reader == null ? Optional.empty() : reader.next();
    if (next.isEmpty()) {
      return false;
    }
    pagemap_entry entry = (pagemap_entry) next.get().message();
    long count =
        entry.hasNrPages() ? entry.getNrPages() : Integer.toUnsignedLong(entry.getCompatNrPages());
    long start = entry.getVaddr();
    long end = start + count * pageSize;
    boolean fits =
        Long.compareUnsigned(count, Long.divideUnsigned(-1 - start, pageSize) + 1) <= 0
            && (start & pageSize - 1) == 0
            && (current == null || Long.compareUnsigned(current.end(), start) <= 0);
    if (!fits) {
      throw new ImageFormatException(
          dump.directory().resolve(name),
          next.get().offset(),
          "pages above the last",
          "%s at 0x%x".formatted(Long.toUnsignedString(count), start));
    }
    int flags = flags(entry);
    boolean present = (flags & PRESENT) != 0;
    entryOffset = next.get().offset();
    current = new Extent(start, end, pages, offset, !present && (flags & LAZY) != 0, false);
    if (present) {
      offset += current.bytes();
    } else if (isInherited(entry)) {
      current = current.ofParent();
    } else if ((flags & LAZY) == 0) {
      // Nothing is known of them: as if the entry were not there.
      current = new Extent(end, end, pages, offset, false, false);
    }
    return true;
  }

  /** Whether the pages are in the dump before. */
  static boolean isInherited(pagemap_entry entry) {
    return (flags(entry) & (PRESENT | IN_PARENT)) == IN_PARENT;
  }

  private static int flags(pagemap_entry entry) {
    if (entry.getInParent()) {
      return entry.getFlags() | IN_PARENT;
    }
    return entry.hasFlags() ? entry.getFlags() : PRESENT;
  }

  private Extent inParent(Extent wanted) throws IOException {
    if (parent == null) {
      DumpChain before =
          dump.parent().orElseThrow(() -> missing("a link to the dump before", "none", wanted));
      parent = open(before, name, pageSize);
    }
    Extent found =
        parent
            .next(wanted.start(), wanted.end())
            .filter(extent -> extent.start() == wanted.start())
            .orElseThrow(
                () -> missing("a page that the dump before holds", "one it lacks", wanted));
    return found.ofParent();
  }

  private ImageFormatException missing(String expected, String found, Extent wanted) {
    return new ImageFormatException(
        dump.directory().resolve(name),
        entryOffset,
        expected,
        "%s, for 0x%x".formatted(found, wanted.start()));
  }
}
