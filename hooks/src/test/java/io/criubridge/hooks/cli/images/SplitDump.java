// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.images;

import io.criubridge.images.ImageEntry;
import io.criubridge.images.ImageSet;
import io.criubridge.images.ImageType;
import io.criubridge.images.ImageWriter;
import io.criubridge.images.proto.pagemap_entry;
import io.criubridge.images.proto.pagemap_head;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * A dump whose pages are partly those of an earlier one, as {@code --prev-images-dir} makes it on
 * kernels that track changed memory.
 */
final class SplitDump {
  private static final int PAGE_BYTES = 4096;

  /** Source: criu/include/pagemap.h. */
  private static final int IN_PARENT = 1;

  private static final int PRESENT = 4;

  private SplitDump() {}

  /** Moves the pages of every other stretch of a process's memory to an earlier dump. */
  static void split(Path images, Path earlier, long pid) throws IOException {
    Files.createDirectory(earlier);
    Files.copy(images.resolve("inventory.img"), earlier.resolve("inventory.img"));
    String name = ImageType.PAGEMAP.fileName().name(pid);
    List<ImageEntry> entries = List.copyOf(new ImageSet(images).entries(name));
    pagemap_head head = (pagemap_head) entries.get(0).message();
    String pages = ImageType.PAGES.fileName().name(head.getPagesId());
    Path whole = Files.move(images.resolve(pages), images.resolve("whole"));
    try (FileChannel from = FileChannel.open(whole);
        Dump late = new Dump(images.resolve(name), images.resolve(pages), head);
        Dump early = new Dump(earlier.resolve(name), earlier.resolve(pages), head)) {
      long at = 0;
      for (int i = 1; i < entries.size(); i++) {
        pagemap_entry entry = (pagemap_entry) entries.get(i).message();
        long bytes = PAGE_BYTES * Math.max(entry.getNrPages(), entry.getCompatNrPages());
        if (i % 2 == 0) {
          late.pagemap.write(
              entry.toBuilder().setFlags(entry.getFlags() & ~PRESENT | IN_PARENT).build());
        }
        Dump dump = i % 2 == 0 ? early : late;
        dump.pagemap.write(entry);
        from.transferTo(at, bytes, dump.pages);
        at += bytes;
      }
    }
    Files.delete(whole);
    Files.createSymbolicLink(
        images.resolve("parent"), Path.of("..").resolve(earlier.getFileName()));
  }

  /** The memory of a process in one of the two. */
  private static final class Dump implements AutoCloseable {
    private final ImageWriter pagemap;
    private final FileChannel pages;

    Dump(Path pagemap, Path pages, pagemap_head head) throws IOException {
      this.pagemap = new ImageWriter(Files.newOutputStream(pagemap), ImageType.PAGEMAP);
      this.pagemap.write(head);
      this.pages = FileChannel.open(pages, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    @Override
    public void close() throws IOException {
      pagemap.close();
      pages.close();
    }
  }
}
