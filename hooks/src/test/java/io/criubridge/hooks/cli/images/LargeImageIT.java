// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.images;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.criubridge.fixtures.Fixtures;
import io.criubridge.images.ImageSet;
import io.criubridge.images.ImageType;
import io.criubridge.images.ImageWriter;
import io.criubridge.images.proto.mm_entry;
import io.criubridge.images.proto.pagemap_entry;
import io.criubridge.images.proto.pagemap_head;
import io.criubridge.images.proto.vma_entry;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Images many times larger than the memory that the commands get. Each command is a JVM of its own
 * with a small heap; nothing is kept between them but pipes.
 */
class LargeImageIT {
  private static final String HEAP = "-Xmx24m";
  private static final long PAGES_BYTES = 4L << 30;
  private static final int ENTRIES = 10_000_000;
  private static final long FIRST = 0x10000000;
  private static final int PAGE = 4096;

  @TempDir private Path place;

  @Test
  void pagesOf4GiB_comeBack() throws Exception {
    Path pages = place.resolve("pages-1.img");
    byte[] mark = "somewhere in the middle".getBytes(UTF_8);
    long at = 3 * PAGES_BYTES / 4 + 17;
    try (FileChannel sparse =
        FileChannel.open(pages, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      sparse.write(ByteBuffer.wrap(mark), at);
      sparse.write(ByteBuffer.allocate(1), PAGES_BYTES - 1);
    }
    assertThat(output(command("info", pages.toString()))).contains("\"PAGES\"");
    List<Process> pipeline = pipeline(pages);
    try (InputStream image = last(pipeline).getInputStream();
        InputStream expected = Files.newInputStream(pages)) {
      assertThat(firstDifference(image, expected)).isEqualTo(-1);
    }
    assertEnded(pipeline);
  }

  /** Entries as CRIU writes them since 4.2, or did before: the count in field 5 or 2. */
  @ParameterizedTest
  @ValueSource(ints = {5, 2})
  void pagemapOfTenMillionEntries_comesBack(int countField) throws Exception {
    Path pagemap = place.resolve("pagemap-1.img");
    writePagemap(pagemap, countField);
    assertThat(output(command("info", pagemap.toString()))).contains("\"count\": " + ENTRIES);
    List<Process> pipeline = pipeline(pagemap);
    try (InputStream image = last(pipeline).getInputStream();
        InputStream expected = Files.newInputStream(pagemap)) {
      assertThat(firstDifference(image, expected)).isEqualTo(-1);
    }
    assertEnded(pipeline);
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 2})
  void memoryOfTenMillionRuns_isCounted(int countField) throws Exception {
    int pid = setWithOneArea(FIRST, FIRST + 2L * ENTRIES * PAGE);
    writePagemap(place.resolve("pagemap-%d.img".formatted(pid)), countField);
    assertThat(output(command("x", place.toString(), "rss"))).contains(" 38.1 GiB ", "increments");
    assertThat(output(command("x", place.toString(), "mems"))).contains(" 38.1 GiB ", " 76.3 GiB ");
  }

  @Test
  void memoryOfHalfAGiB_isSearchedAndWritten() throws Exception {
    long bytes = 512L << 20;
    int pid = setWithOneArea(FIRST, FIRST + bytes);
    Path pagemap = place.resolve(ImageType.PAGEMAP.fileName().name(pid));
    try (ImageWriter writer = new ImageWriter(Files.newOutputStream(pagemap), ImageType.PAGEMAP)) {
      writer.write(pagemap_head.newBuilder().setPagesId(1).build());
      writer.write(
          pagemap_entry
              .newBuilder()
              .setVaddr(FIRST)
              .setCompatNrPages((int) (bytes / PAGE))
              .setFlags(4)
              .build());
    }
    Path pages = place.resolve("pages-1.img");
    long[] marks = {65_536 - 3, bytes / 2 - 1, bytes - 6};
    try (FileChannel sparse = FileChannel.open(pages, StandardOpenOption.WRITE)) {
      sparse.truncate(0);
      for (long mark : marks) {
        sparse.write(ByteBuffer.wrap("needle".getBytes(UTF_8)), mark);
      }
    }
    StringBuilder expected = new StringBuilder();
    for (long mark : marks) {
      expected.append("%012x  needle  [heap]%n".formatted(FIRST + mark));
    }
    String process = Integer.toString(pid);
    for (String how : List.of("--search=needle", "--regex=ne+dl[aeiou]")) {
      assertThat(output(command("memory", place.toString(), process, how)))
          .isEqualTo(expected.toString());
    }
    Path area = place.resolve("area");
    String address = Long.toHexString(FIRST);
    String written =
        output(
            command("memory", place.toString(), process, "--vma", address, "-o", area.toString()));
    assertThat(written).isEqualTo(area + ": 512 MiB\n");
    try (InputStream one = Files.newInputStream(area);
        InputStream other = Files.newInputStream(pages)) {
      assertThat(firstDifference(one, other)).isEqualTo(-1);
    }
    Path core = place.resolve("core");
    output(command("memory", place.toString(), process, "-o", core.toString()));
    assertThat(Files.size(core)).isBetween(bytes, bytes + (1 << 20));
  }

  /** A recorded set, but with one area of memory; gives the process's number. */
  private int setWithOneArea(long start, long end) throws IOException {
    Path recorded = Fixtures.images("4.2.1/incremental");
    try (Stream<Path> files = Files.list(recorded)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, place.resolve(file.getFileName()));
      }
    }
    ImageSet set = new ImageSet(recorded);
    int pid = set.processes().get(0).pid();
    String name = ImageType.MM.fileName().name(pid);
    mm_entry memory = set.required(name, mm_entry.class);
    vma_entry area =
        vma_entry
            .newBuilder()
            .setStart(start)
            .setEnd(end)
            .setPgoff(0)
            .setShmid(0)
            .setProt(3)
            .setFlags(0x22)
            .setStatus(1 | 1 << 9)
            .setFd(-1)
            .build();
    OutputStream out = Files.newOutputStream(place.resolve(name));
    try (ImageWriter writer = new ImageWriter(out, ImageType.MM)) {
      writer.write(memory.toBuilder().clearVmas().addVmas(area).build());
    }
    return pid;
  }

  private static void writePagemap(Path file, int countField) throws IOException {
    ByteBuffer entry = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
      entry.putInt(0x54564319).putInt(0x56084025).putInt(2).put((byte) 8).put((byte) 1);
      out.write(entry.array(), 0, entry.position());
      for (long i = 0; i < ENTRIES; i++) {
        entry.clear().putInt(0);
        varint(entry.put((byte) 8), FIRST + 2 * i * PAGE);
        if (countField == 5) {
          entry.put((byte) 16).put((byte) 0).put((byte) 32).put((byte) 4);
        }
        entry.put((byte) (countField << 3)).put((byte) 1);
        entry.putInt(0, entry.position() - Integer.BYTES);
        out.write(entry.array(), 0, entry.position());
      }
    }
  }

  private static void varint(ByteBuffer out, long value) {
    long rest = value;
    for (; rest > 127; rest >>>= 7) {
      out.put((byte) (rest | 128));
    }
    out.put((byte) rest);
  }

  private static List<Process> pipeline(Path image) throws IOException {
    return ProcessBuilder.startPipeline(
        List.of(command("decode", image.toString()), command("encode", "-i", "-", "-o", "-")));
  }

  private static ProcessBuilder command(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(HEAP, "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path")));
    command.addAll(List.of("io.criubridge.hooks.cli.Main", "images"));
    command.addAll(Arrays.asList(arguments));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
  }

  private static String output(ProcessBuilder command) throws Exception {
    Process process = command.start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEnded(List.of(process));
    return output;
  }

  private static Process last(List<Process> pipeline) {
    return pipeline.get(pipeline.size() - 1);
  }

  private static void assertEnded(List<Process> processes) throws InterruptedException {
    for (Process process : processes) {
      assertThat(process.waitFor()).isZero();
    }
  }

  /** Where two streams differ; -1 if nowhere. */
  private static long firstDifference(InputStream one, InputStream other) throws IOException {
    byte[] left = new byte[1 << 20];
    byte[] right = new byte[1 << 20];
    for (long offset = 0; ; offset += left.length) {
      int count = one.readNBytes(left, 0, left.length);
      int otherCount = other.readNBytes(right, 0, right.length);
      int at = Arrays.mismatch(left, 0, count, right, 0, otherCount);
      if (at >= 0) {
        return offset + at;
      }
      if (count < left.length) {
        return -1;
      }
    }
  }
}
