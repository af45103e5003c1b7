// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.memory;

import static io.criubridge.images.memory.GeneratedMemory.IN_PARENT;
import static io.criubridge.images.memory.GeneratedMemory.LAZY;
import static io.criubridge.images.memory.GeneratedMemory.PAGE;
import static io.criubridge.images.memory.GeneratedMemory.PRESENT;
import static io.criubridge.images.memory.GeneratedMemory.START;
import static io.criubridge.images.memory.GeneratedMemory.area;
import static io.criubridge.images.memory.GeneratedMemory.areas;
import static io.criubridge.images.memory.GeneratedMemory.pages;
import static io.criubridge.images.memory.GeneratedMemory.picture;
import static io.criubridge.images.memory.GeneratedMemory.read;
import static io.criubridge.images.memory.GeneratedMemory.vma;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import io.criubridge.images.ImageFormatException;
import io.criubridge.images.memory.GeneratedMemory.Run;
import io.criubridge.images.proto.pagemap_entry;
import io.criubridge.images.proto.pagemap_head;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Memory that is spread over dumps, shared, lazy, or damaged. */
class IncrementalMemoryTest {
  @TempDir private Path place;
  private Path dump;

  @BeforeEach
  void makeArea() throws IOException {
    dump = Files.createDirectory(place.resolve("dump"));
    area(dump, 8);
  }

  @Test
  void gapsAndLazyPages_areNotThere() throws IOException {
    pages(
        dump,
        new Run(1, 2, PRESENT, 'a'),
        new Run(4, 1, LAZY, ' '),
        new Run(5, 1, PRESENT | LAZY, 'b'));
    assertThat(picture(read(dump), 8)).isEqualTo(".aa..b..");
    assertThat(read(dump).pages())
        .singleElement()
        .satisfies(
            counts -> {
              assertThat(counts.dumped()).isEqualTo(3 * PAGE);
              assertThat(counts.inherited()).isZero();
              assertThat(counts.lazy()).isEqualTo(PAGE);
            });
  }

  @Test
  void parents_areFollowedThroughTheChain() throws IOException {
    Path first = Files.createDirectory(place.resolve("1"));
    Path second = Files.createDirectory(place.resolve("2"));
    Files.createSymbolicLink(dump.resolve("parent"), Path.of("../2"));
    Files.createSymbolicLink(second.resolve("parent"), Path.of("../1"));
    pages(first, new Run(0, 6, PRESENT, 'a'));
    pages(
        second,
        new Run(0, 1, IN_PARENT, ' '),
        new Run(1, 2, PRESENT, 'b'),
        new Run(3, 3, IN_PARENT, ' '));
    pages(
        dump,
        new Run(0, 4, IN_PARENT, ' '),
        new Run(4, 1, PRESENT, 'c'),
        new Run(5, 1, IN_PARENT, ' '));
    assertThat(picture(read(dump), 8)).isEqualTo("abbaca..");
    assertThat(read(dump).pages().get(0).dumped()).isEqualTo(PAGE);
    assertThat(read(dump).pages().get(0).inherited()).isEqualTo(5 * PAGE);
  }

  @Test
  void oldImages_haveTheirFlagInAField() throws IOException {
    Path first = Files.createDirectory(place.resolve("1"));
    Files.createSymbolicLink(dump.resolve("parent"), Path.of("../1"));
    pages(first, new Run(0, 1, PRESENT, 'a'));
    GeneratedMemory.write(
        dump,
        "pagemap-1.img",
        pagemap_head.newBuilder().setPagesId(1).build(),
        pagemap_entry.newBuilder().setVaddr(START).setCompatNrPages(1).setInParent(true).build(),
        pagemap_entry.newBuilder().setVaddr(START + PAGE).setCompatNrPages(2).build());
    Files.write(dump.resolve("pages-1.img"), "b".repeat(2 * PAGE).getBytes());
    assertThat(picture(read(dump), 8)).isEqualTo("abb.....");
  }

  @Test
  void sharedMemory_isReadFromWhereTheAreaBegins() throws IOException {
    areas(
        dump,
        vma(START, START + 2 * PAGE, 1 | 1 << 8).setShmid(7).setPgoff(PAGE).build(),
        vma(START + 2 * PAGE, START + 4 * PAGE, 1 | 1 << 8).setShmid(7).build(),
        vma(START + 4 * PAGE, START + 5 * PAGE, 1 | 1 << 6).build());
    pages(
        dump,
        "pagemap-shmem-7.img",
        2,
        0,
        new Run(0, 1, PRESENT, 'x'),
        new Run(1, 1, PRESENT, 'y'));
    assertThat(picture(read(dump), 8)).isEqualTo("y.xy....");
  }

  @Test
  void circleOfParents_isRefused() throws IOException {
    Path first = Files.createDirectory(place.resolve("1"));
    Files.createSymbolicLink(dump.resolve("parent"), Path.of("../1"));
    Files.createSymbolicLink(first.resolve("parent"), Path.of("../dump"));
    pages(dump, new Run(0, 1, IN_PARENT, ' '));
    pages(first, new Run(0, 1, IN_PARENT, ' '));
    assertDamaged("parent", "again");
  }

  @Test
  void absoluteMissingAndDanglingParents_areRefused() throws IOException {
    pages(dump, new Run(0, 1, IN_PARENT, ' '));
    assertDamaged("pagemap-1.img", "a link to the dump before");
    Files.createSymbolicLink(dump.resolve("parent"), Path.of("../none"));
    assertDamaged("parent", "the directory of the dump before");
    Files.delete(dump.resolve("parent"));
    Files.createSymbolicLink(dump.resolve("parent"), place);
    assertDamaged("parent", "a relative link");
  }

  @Test
  void pageThatTheParentLacks_isRefused() throws IOException {
    Path first = Files.createDirectory(place.resolve("1"));
    Files.createSymbolicLink(dump.resolve("parent"), Path.of("../1"));
    pages(dump, new Run(0, 2, IN_PARENT, ' '));
    pages(first, new Run(0, 1, PRESENT, 'a'));
    assertDamaged("pagemap-1.img", "one it lacks");
  }

  @Test
  void shortMissingOrLinkedPages_areRefused() throws IOException {
    pages(dump, new Run(0, 2, PRESENT, 'a'));
    Files.write(dump.resolve("pages-1.img"), new byte[PAGE]);
    assertDamaged("pages-1.img", "8192 bytes of pages");
    Files.delete(dump.resolve("pages-1.img"));
    assertDamaged("pages-1.img", "a file of pages");
    Files.write(place.resolve("secret"), new byte[2 * PAGE]);
    Files.createSymbolicLink(dump.resolve("pages-1.img"), Path.of("../secret"));
    assertDamaged("pages-1.img", "a file of pages");
  }

  @Test
  void countsThatRunOver_areRefused() throws IOException {
    for (long count : new long[] {-1, Long.MAX_VALUE, 1L << 52, (1L << 52) - 1}) {
      GeneratedMemory.write(
          dump,
          "pagemap-1.img",
          pagemap_head.newBuilder().setPagesId(1).build(),
          pagemap_entry
              .newBuilder()
              .setVaddr(START)
              .setCompatNrPages(0)
              .setNrPages(count)
              .setFlags(PRESENT)
              .build());
      Files.write(dump.resolve("pages-1.img"), new byte[PAGE]);
      assertDamaged("pagemap-1.img", "pages above the last");
    }
  }

  @Test
  void pagemapAndAreasThatGoBack_areRefused() throws IOException {
    pages(dump, new Run(2, 1, PRESENT, 'a'), new Run(1, 1, PRESENT, 'b'));
    assertDamaged("pagemap-1.img", "pages above the last");
    areas(dump, vma(START, START + PAGE, 1).build(), vma(START, START + PAGE, 1).build());
    assertDamaged("mm-1.img", "an area of whole pages");
    areas(dump, vma(START + 1, START + PAGE, 1).build());
    assertDamaged("mm-1.img", "an area of whole pages");
  }

  @Test
  void arguments_areReadOrMissing() throws IOException {
    assertThat(read(dump).arguments()).isEmpty();
    pages(dump, new Run(0, 1, PRESENT, 'a'));
    assertThat(read(dump).arguments().orElseThrow())
        .containsExactly(ByteString.copyFromUtf8("aaaa"));
    assertThat(read(dump).environment().orElseThrow()).isEmpty();
  }

  private void assertDamaged(String file, String message) {
    assertThatExceptionOfType(ImageFormatException.class)
        .isThrownBy(() -> picture(read(dump), 8))
        .withMessageContaining(message)
        .satisfies(e -> assertThat(e.file().getFileName()).hasToString(file));
  }
}
