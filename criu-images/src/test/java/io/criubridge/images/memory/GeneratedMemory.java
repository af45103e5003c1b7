// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.memory;

import com.google.protobuf.Message;
import io.criubridge.images.ImageSet;
import io.criubridge.images.ImageType;
import io.criubridge.images.ImageWriter;
import io.criubridge.images.files.OpenFiles;
import io.criubridge.images.proto.mm_entry;
import io.criubridge.images.proto.pagemap_entry;
import io.criubridge.images.proto.pagemap_head;
import io.criubridge.images.proto.vma_entry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes the memory of a process 1 with one anonymous area, as CRIU would. */
final class GeneratedMemory {
  static final int PAGE = 4096;
  static final long START = 0x10000;
  static final int PRESENT = 4;
  static final int LAZY = 2;
  static final int IN_PARENT = 1;

  private GeneratedMemory() {}

  static void area(Path directory, int pages) throws IOException {
    areas(
        directory,
        vma(START, START + (long) pages * PAGE, 1 | 1 << 9).setFlags(0x22).setProt(3).build());
  }

  static vma_entry.Builder vma(long start, long end, int status) {
    return vma_entry
        .newBuilder()
        .setStart(start)
        .setEnd(end)
        .setPgoff(0)
        .setShmid(0)
        .setProt(3)
        .setFlags(0)
        .setStatus(status)
        .setFd(-1);
  }

  static void areas(Path directory, vma_entry... areas) throws IOException {
    Files.createDirectories(directory);
    write(
        directory,
        "mm-1.img",
        mm_entry
            .newBuilder()
            .setMmStartCode(0)
            .setMmEndCode(0)
            .setMmStartData(0)
            .setMmEndData(0)
            .setMmStartStack(0)
            .setMmStartBrk(0)
            .setMmBrk(0)
            .setMmArgStart(START)
            .setMmArgEnd(START + 4)
            .setMmEnvStart(START)
            .setMmEnvEnd(START)
            .setExeFileId(0)
            .addAllVmas(List.of(areas))
            .build());
  }

  /** A run of pages, each filled with one byte. */
  record Run(int page, int count, int flags, char fill) {}

  static void pages(Path directory, Run... runs) throws IOException {
    pages(directory, "pagemap-1.img", 1, START, runs);
  }

  static void pages(Path directory, String name, int id, long start, Run... runs)
      throws IOException {
    List<Message> entries = new ArrayList<>();
    entries.add(pagemap_head.newBuilder().setPagesId(id).build());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (Run run : runs) {
      entries.add(
          pagemap_entry
              .newBuilder()
              .setVaddr(start + (long) run.page() * PAGE)
              .setCompatNrPages(0)
              .setNrPages(run.count())
              .setFlags(run.flags())
              .build());
      if ((run.flags() & PRESENT) != 0) {
        bytes.writeBytes(Character.toString(run.fill()).repeat(run.count() * PAGE).getBytes());
      }
    }
    write(directory, name, entries.toArray(Message[]::new));
    Files.write(directory.resolve("pages-" + id + ".img"), bytes.toByteArray());
  }

  static void write(Path directory, String name, Message... messages) throws IOException {
    ImageType type = ImageType.ofFileName(name).orElseThrow();
    try (ImageWriter writer =
        new ImageWriter(Files.newOutputStream(directory.resolve(name)), type)) {
      for (Message message : messages) {
        writer.write(message);
      }
    }
  }

  static ProcessMemory read(Path directory) throws IOException {
    ImageSet set = new ImageSet(directory);
    return ProcessMemory.of(set, OpenFiles.read(set), 1);
  }

  /** One character for a page: what it is filled with, or a dot if it is not there. */
  static String picture(ProcessMemory memory, int pages) throws IOException {
    StringBuilder picture = new StringBuilder(".".repeat(pages));
    memory.copy(
        MemoryMap.Range.ALL,
        (address, bytes) -> {
          for (int at = 0; at < bytes.remaining(); at += PAGE) {
            picture.setCharAt(
                (int) ((address - START + at) / PAGE), (char) bytes.get(bytes.position() + at));
          }
        });
    return picture.toString();
  }
}
