// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.criubridge.fixtures.Fixtures;
import io.criubridge.images.FrameReader;
import io.criubridge.images.ImageFormatException;
import io.criubridge.images.ImageType;
import io.criubridge.images.json.CritJson.Form;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CritJsonTest {

  private static final int COMMON = 0x54564319;

  static List<Path> recorded() throws IOException {
    try (Stream<Path> files = Files.walk(Fixtures.path("images"))) {
      return files
          .filter(file -> ImageType.ofFileName(file.getFileName().toString()).isPresent())
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("recorded")
  void recordedImage_comesBackByteForByte(Path file) throws IOException {
    byte[] image = Files.readAllBytes(file);
    for (Form form : Form.values()) {
      assertThat(InMemory.encode(InMemory.decode(file.getFileName().toString(), image, form)))
          .as("%s", form)
          .isEqualTo(image);
    }
  }

  @ParameterizedTest
  @MethodSource("recorded")
  void membersInAnyOrder_areTheSameImage(Path file) throws IOException {
    byte[] image = Files.readAllBytes(file);
    String json = InMemory.decode(file.getFileName().toString(), image, Form.PLAIN);
    int entries = json.indexOf(", \"entries\"");
    String magic = json.substring(1, entries);
    String turned = "{" + json.substring(entries + 2, json.length() - 1) + ", " + magic + "}";
    assertThat(InMemory.encode(turned)).isEqualTo(image);
  }

  @Test
  void unknownFields_comeBack() throws IOException {
    // A fdinfo_entry of a later CRIU, with a field 99.
    byte[] image =
        image(ImageType.FDINFO, new byte[] {8, 1, 16, 2, 24, 1, 32, 1, (byte) 0x98, 6, 7});
    String json = InMemory.decode("fdinfo-1.img", image, Form.PLAIN);
    assertThat(json).contains("\"unknown_fields\": \"mAYH\\n\"");
    assertThat(InMemory.encode(json)).isEqualTo(image);
  }

  @Test
  void imageOfVersion1_comesBackWithoutHead() throws IOException {
    byte[] whole = image(ImageType.FDINFO, new byte[] {8, 1, 16, 2, 24, 1, 32, 1});
    byte[] old = Arrays.copyOfRange(whole, 4, whole.length);
    String json = InMemory.decode("fdinfo-1.img", old, Form.PLAIN);
    assertThat(json).startsWith("{\"magic\": \"FDINFO\", \"version\": 1, \"entries\"");
    assertThat(InMemory.encode(json)).isEqualTo(old);
  }

  @Test
  void oldPagemapCount_comesBack() throws IOException {
    byte[] image = image(ImageType.PAGEMAP, new byte[] {8, 1}, new byte[] {8, 16, 16, 3});
    String json = InMemory.decode("pagemap-1.img", image, Form.PRETTY);
    assertThat(json).contains("\"vaddr\": \"0x10\"").contains("\"compat_nr_pages\": 3");
    assertThat(InMemory.encode(json)).isEqualTo(image);
  }

  @Test
  void pagemapJsonOfCrit41_hasItsOldMeaning() throws IOException {
    String json =
        "{\"magic\": \"PAGEMAP\", \"entries\": [{\"pages_id\": 1},"
            + " {\"vaddr\": 16, \"nr_pages\": 3}]}";
    assertThat(InMemory.encode(json))
        .isEqualTo(image(ImageType.PAGEMAP, new byte[] {8, 1}, new byte[] {8, 16, 16, 3}));
  }

  @Test
  void rawImage_isAllExtra() throws IOException {
    assertThat(InMemory.decode("route-9.img", new byte[] {1, 2, 3}, Form.PLAIN))
        .isEqualTo("{\"magic\": \"ROUTE\", \"entries\": [{\"extra\": \"AQID\\n\"}]}");
    assertThat(InMemory.encode("{\"magic\": \"ROUTE\", \"entries\": [{\"extra\": \"AQID\\n\"}]}"))
        .containsExactly(1, 2, 3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "{}",
        "{\"magic\": \"NONE\", \"entries\": []}",
        "{\"magic\": \"FDINFO\"}",
        "{\"magic\": \"FDINFO\", \"entries\": [}",
        "{\"magic\": \"FDINFO\", \"entries\": []} x",
        "{\"magic\": \"FDINFO\", \"entries\": [{\"id\": 1}]}",
        "{\"magic\": \"PAGEMAP\", \"entries\": [{\"pages_id\": 4294967296}]}",
        "{\"magic\": \"PAGEMAP\", \"entries\": [{\"pages_id\": -1}]}",
        "{\"magic\": \"PAGEMAP\", \"entries\": [{\"pages_id\": 1.5}]}",
        "{\"magic\": \"PAGEMAP\", \"entries\": [{\"pages_id\": 1, \"pages_id\": 1}]}",
        "{\"magic\": \"PAGEMAP\", \"entries\": [{\"pages_id\": null}]}",
        "{\"magic\": \"PAGEMAP\", \"entries\": [{\"pages_id\": 1, \"page_id\": 1}]}",
        "{\"magic\": \"PIPES_DATA\", \"entries\": [{\"pipe_id\": 1, \"bytes\": 3}]}",
        "{\"magic\": \"PIPES_DATA\", \"entries\": [{\"pipe_id\": 1, \"bytes\": 3, \"extra\": \"AQ==\\n\"}]}",
        "{\"magic\": \"PIPES_DATA\", \"entries\": [{\"pipe_id\": 1, \"bytes\": 1, \"extra\": \"AQID\\n\"}]}",
        "{\"magic\": \"PIPES_DATA\", \"entries\": [{\"pipe_id\": 1, \"bytes\": 1, \"extra\": \"A!==\\n\"}]}",
        "{\"magic\": \"ROUTE\", \"entries\": [{\"extra\": \"A\\ud800\"}]}",
      })
  void brokenJson_isNamedWithItsPlace(String json) {
    assertThatExceptionOfType(ImageFormatException.class)
        .isThrownBy(() -> InMemory.encode(json))
        .withMessageMatching("(test.json|unknown_fields): byte [0-9]+: expected .*, found .*");
  }

  @Test
  void deepJson_isRefused() {
    assertThatExceptionOfType(ImageFormatException.class)
        .isThrownBy(() -> InMemory.encode("{\"entries\": " + "[".repeat(1_000_000)));
    assertThatExceptionOfType(ImageFormatException.class)
        .isThrownBy(
            () ->
                InMemory.encode(
                    "{\"magic\": \"APPARMOR\", \"entries\": ["
                        + "{\"namespaces\": [".repeat(100_000)));
  }

  @Test
  void messageLongerThanAnEntryMayBe_isRefused() {
    String json =
        "{\"magic\": \"UTSNS\", \"entries\": [{\"nodename\": \""
            + "x".repeat(FrameReader.MAX_ENTRY_BYTES + 1);
    assertThatExceptionOfType(ImageFormatException.class)
        .isThrownBy(() -> InMemory.encode(json))
        .withMessageContaining("at most 67108864 bytes");
  }

  private static byte[] image(ImageType type, byte[]... messages) {
    ByteBuffer image = ByteBuffer.allocate(256).order(ByteOrder.LITTLE_ENDIAN);
    image.putInt(COMMON).putInt(type.magic());
    for (byte[] message : messages) {
      image.putInt(message.length).put(message);
    }
    return Arrays.copyOf(image.array(), image.position());
  }
}
