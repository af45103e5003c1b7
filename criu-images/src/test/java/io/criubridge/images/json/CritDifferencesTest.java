// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.criubridge.fixtures.Fixtures;
import io.criubridge.images.ImageType;
import io.criubridge.images.ImageWriter;
import io.criubridge.images.json.CritJson.Form;
import io.criubridge.images.proto.file_entry;
import io.criubridge.images.proto.inet_sk_entry;
import io.criubridge.images.proto.unix_sk_entry;
import io.criubridge.images.proto.utsns_entry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Where our JSON is not crit's: docs/crit-differences.md, and that each row there has a test. */
class CritDifferencesTest {
  private static final Path DOCUMENT =
      Fixtures.path("crit-json").resolve("../../docs/crit-differences.md").normalize();
  private static final Pattern TEST = Pattern.compile("\\| `(\\w+)\\.(\\w+)` \\|$");

  @Test
  void everyDifference_namesATest() throws Exception {
    List<String> rows =
        Files.readAllLines(DOCUMENT).stream()
            .filter(line -> line.startsWith("| ") && !line.startsWith("| image "))
            .toList();
    assertThat(rows).hasSizeGreaterThan(10);
    for (String row : rows) {
      MatchResult test = TEST.matcher(row).results().findFirst().orElseThrow();
      Class<?> where = Class.forName(getClass().getPackageName() + "." + test.group(1));
      assertThat(Arrays.stream(where.getDeclaredMethods()).map(Method::getName))
          .as(row)
          .contains(test.group(2));
    }
  }

  @Test
  void nameThatIsNotText_keepsItsBytes() throws IOException {
    utsns_entry names =
        utsns_entry
            .newBuilder()
            .setNodenameBytes(ByteString.copyFrom("a\u00ffb", ISO_8859_1))
            .setDomainname("ä")
            .build();
    ByteArrayOutputStream image = new ByteArrayOutputStream();
    try (ImageWriter writer = new ImageWriter(image, ImageType.UTSNS)) {
      writer.write(names);
    }
    for (Form form : Form.values()) {
      String json = InMemory.decode("utsns-1.img", image.toByteArray(), form);
      assertThat(json).contains("\"a\\udcffb\"", "\"\\u00e4\"");
      assertThat(InMemory.encode(json)).isEqualTo(image.toByteArray());
    }
  }

  @Test
  void enumValueWithoutName_isItsNumber() throws IOException {
    byte[] image = image(ImageType.FDINFO, new byte[] {8, 1, 16, 2, 24, 99, 32, 1});
    for (Form form : Form.values()) {
      String json = InMemory.decode("fdinfo-1.img", image, form);
      assertThat(json).contains("\"type\": 99,");
      assertThat(InMemory.encode(json)).isEqualTo(image);
    }
  }

  @Test
  void oldPages_areAllExtra() throws IOException {
    byte[] image = ByteBuffer.allocate(7).order(ByteOrder.LITTLE_ENDIAN).putInt(0x56084025).array();
    String json = InMemory.decode("pages-1.img", image, Form.PLAIN);
    assertThat(json)
        .isEqualTo(
            "{\"magic\": \"PAGES_OLD\", \"version\": 1, \"entries\": [{\"extra\": \"AAAA\\n\"}]}");
    assertThat(InMemory.encode(json)).isEqualTo(image);
  }

  @Test
  void numberBelowZero_isReadInBothForms() throws IOException {
    String json =
        "{\"magic\": \"VMAS\", \"entries\": [{\"start\": \"0x1000\", \"end\": \"0x2000\", \"pgoff\": 0,"
            + " \"shmid\": 0, \"prot\": 0, \"flags\": 0, \"status\": 0, \"fd\": %s}]}";
    byte[] image = InMemory.encode(json.formatted("-1"));
    assertThat(InMemory.encode(json.formatted("\"-0x1\""))).isEqualTo(image);
    assertThat(InMemory.encode(json.formatted("\"0x-1\""))).isEqualTo(image);
  }

  @Test
  void lineEndOfTwoBytes_isQuoted() throws IOException {
    for (String name : List.of("a\r\nb", "a\nb", "a\r", "\r\n")) {
      byte[] image = withSocket(name, 1);
      String json = InMemory.decode("files.img", image, Form.PLAIN);
      assertThat(InMemory.encode(json)).as(json).isEqualTo(image);
    }
    assertThat(InMemory.decode("files.img", withSocket("a\r\nb", 1), Form.PLAIN))
        .contains("\"a=0D\\nb\"");
  }

  @Test
  void addressOfAnotherLength_isItsNumbers() throws IOException {
    byte[] image = withSocket("a", 3);
    String json = InMemory.decode("files.img", image, Form.PRETTY);
    assertThat(json.replaceAll("\\s+", " ")).contains("\"src_addr\": [ 7, 7, 7 ]");
    assertThat(InMemory.encode(json)).isEqualTo(image);
  }

  /** A unix socket of a name, and one of the internet whose address has as many words. */
  private static byte[] withSocket(String name, int words) throws IOException {
    ImageType type = ImageType.FILES;
    Path kinds = Fixtures.images("4.2.1/kinds").resolve(type.fileName().name());
    ByteArrayOutputStream image = new ByteArrayOutputStream();
    try (ImageWriter writer = new ImageWriter(image, type)) {
      for (file_entry file : files(kinds)) {
        if (file.hasUsk()) {
          unix_sk_entry socket =
              file.getUsk().toBuilder().setName(ByteString.copyFromUtf8(name)).build();
          writer.write(file.toBuilder().setUsk(socket).build());
        } else if (file.hasIsk()) {
          inet_sk_entry.Builder socket = file.getIsk().toBuilder().clearSrcAddr();
          for (int i = 0; i < words; i++) {
            socket.addSrcAddr(7);
          }
          writer.write(file.toBuilder().setIsk(socket).build());
        }
      }
    }
    return image.toByteArray();
  }

  private static List<file_entry> files(Path image) throws IOException {
    return new io.criubridge.images.ImageSet(image.getParent())
        .entries(image.getFileName().toString()).stream()
            .map(entry -> (file_entry) entry.message())
            .toList();
  }

  private static byte[] image(ImageType type, byte[] message) {
    ByteBuffer image = ByteBuffer.allocate(12 + message.length).order(ByteOrder.LITTLE_ENDIAN);
    return image
        .putInt(0x54564319)
        .putInt(type.magic())
        .putInt(message.length)
        .put(message)
        .array();
  }
}
