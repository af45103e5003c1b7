// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.criubridge.images.RecordedImages.Part;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DamagedImageTest {

  static List<Path> recorded() throws IOException {
    return RecordedImages.withEntries();
  }

  @ParameterizedTest
  @MethodSource("recorded")
  void cutOffAnywhere_isAnErrorOrAShorterList(Path file) throws IOException {
    byte[] content = Files.readAllBytes(file);
    List<Part> whole = RecordedImages.parts(file, content);
    Set<Long> starts =
        whole.stream().map(part -> part.entry().offset()).collect(Collectors.toSet());
    for (int length = 0; length < content.length; length++) {
      byte[] cut = Arrays.copyOf(content, length);
      try {
        List<Part> parts = RecordedImages.parts(file, cut);
        boolean ghost = RecordedImages.type(file).orElseThrow() == ImageType.GHOST_FILE;
        assertThat(starts.contains((long) length) || ghost).as("cut at %d", length).isTrue();
        assertThat(entries(parts)).isEqualTo(entries(whole).subList(0, parts.size()));
      } catch (ImageFormatException e) {
        assertThat(e.file()).isEqualTo(file);
        assertThat(e.offset()).isBetween(0L, (long) length);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("recorded")
  void anyByteChanged_isAnErrorOrAnotherList(Path file) throws IOException {
    byte[] content = Files.readAllBytes(file);
    for (int at = 0; at < content.length; at++) {
      for (int change : new int[] {0xff, 0x80, 0x01}) {
        byte[] changed = content.clone();
        changed[at] ^= (byte) change;
        try {
          RecordedImages.parts(file, changed);
        } catch (ImageFormatException e) {
          assertThat(e.offset()).isBetween(0L, (long) content.length);
        }
      }
    }
  }

  @Test
  void wrongMagic_isNamed() {
    byte[] image = little(ImageHead.COMMON.number(), ImageType.MM.magic());
    assertThatExceptionOfType(ImageFormatException.class)
        .isThrownBy(() -> RecordedImages.parts(Path.of("core-1.img"), image))
        .withMessage("core-1.img: byte 4: expected magic CORE, 0x55053847, found 0x57492820")
        .satisfies(e -> assertThat(e.expected()).startsWith("magic CORE"));
  }

  @Test
  void rawFile_isRefused() {
    assertThatExceptionOfType(ImageFormatException.class)
        .isThrownBy(() -> RecordedImages.parts(Path.of("pages-1.img"), new byte[4096]))
        .withMessageContaining("PAGES");
  }

  @Test
  void entryLongerThanTheLimit_isRefusedBeforeItIsRead() {
    byte[] image = little(ImageHead.COMMON.number(), ImageType.CORE.magic(), -1);
    assertThatExceptionOfType(ImageFormatException.class)
        .isThrownBy(() -> RecordedImages.parts(Path.of("core-1.img"), image))
        .withMessageContaining("byte 8: expected an entry of at most")
        .withMessageContaining("4294967295");
  }

  @Test
  void entryLongerThanTheFile_takesNoMemoryForWhatIsNotThere() throws IOException {
    byte[] image =
        little(ImageHead.COMMON.number(), ImageType.CORE.magic(), FrameReader.MAX_ENTRY_BYTES);
    InputStream in =
        new FilterInputStream(new ByteArrayInputStream(image)) {
          @Override
          public int read(byte[] bytes, int from, int length) throws IOException {
            assertThat(bytes.length).isLessThanOrEqualTo(64 << 10);
            return super.read(bytes, from, length);
          }
        };
    try (ImageReader reader = new ImageReader(in, Path.of("core-1.img"), ImageType.CORE)) {
      assertThatExceptionOfType(ImageFormatException.class)
          .isThrownBy(reader::next)
          .withMessageContaining("byte 12: expected core_entry of 67108864 bytes");
    }
  }

  private static List<ImageEntry> entries(List<Part> parts) {
    return parts.stream().map(Part::entry).toList();
  }

  private static byte[] little(int... numbers) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
    Arrays.stream(numbers).forEach(bytes::putInt);
    return bytes.array();
  }
}
