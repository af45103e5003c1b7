// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.Message;
import io.criubridge.fixtures.Fixtures;
import io.criubridge.images.RecordedImages.Part;
import io.criubridge.images.proto.ghost_chunk_entry;
import io.criubridge.images.proto.ipc_msg;
import io.criubridge.images.proto.ipc_shm_entry;
import io.criubridge.images.proto.pagemap_entry;
import io.criubridge.images.proto.pagemap_head;
import io.criubridge.images.proto.tcp_stream_entry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ImageReaderTest {
  private static final Path FILE = Path.of("test.img");

  static Stream<String> menageries() {
    return RecordedImages.menageries();
  }

  @ParameterizedTest
  @MethodSource("menageries")
  void pipesAndPackets_giveTheirContent(String set) throws IOException {
    assertThat(texts(set, "pipes-data.img")).containsExactly("in the pipe");
    assertThat(texts(set, "fifo-data.img")).containsExactly("in the fifo");
    assertThat(texts(set, "sk-queues.img")).containsExactly("one", "three");
  }

  @ParameterizedTest
  @MethodSource("menageries")
  void ghostFiles_giveTheirContentOrChunks(String set) throws IOException {
    List<String> contents =
        Stream.concat(
                texts(set, "ghost-file-1.img").stream(), texts(set, "ghost-file-2.img").stream())
            .filter(text -> !text.isEmpty())
            .toList();
    assertThat(contents).hasSize(3);
    assertThat(contents).contains("boo");
    assertThat(contents).anyMatch(chunk -> chunk.length() == 4096 && chunk.startsWith("first"));
    assertThat(contents).anyMatch(chunk -> chunk.length() == 4096 && chunk.endsWith("last"));
    assertThat(parts(set, "ghost-file-2.img"))
        .extracting(part -> part.entry().message())
        .filteredOn(ghost_chunk_entry.class::isInstance)
        .hasSize(2);
  }

  @ParameterizedTest
  @MethodSource("menageries")
  void ipcObjects_giveTheirContent(String set) throws IOException {
    assertThat(texts(set, onlyFile(set, ImageType.IPCNS_SEM)))
        .containsExactly("\u0007\u0000\u0008\u0000\u0009\u0000");
    List<Part> messages = parts(set, onlyFile(set, ImageType.IPCNS_MSG));
    assertThat(messages).extracting(Part::text).containsExactly("", "eight by", "eight");
    assertThat(messages.get(2).entry().message()).isInstanceOf(ipc_msg.class);
    List<Part> segments = parts(set, onlyFile(set, ImageType.IPCNS_SHM));
    assertThat(segments).hasSize(2).allMatch(part -> part.payload().length == 0);
  }

  @ParameterizedTest
  @MethodSource("menageries")
  void pagemap_beginsWithItsHead(String set) throws IOException {
    List<Part> pagemap = parts(set, "pagemap-shmem-0.img");
    assertThat(pagemap).hasSize(2);
    assertThat(pagemap.get(0).entry().message()).isInstanceOf(pagemap_head.class);
    assertThat(pagemap.get(1).entry().message()).isInstanceOf(pagemap_entry.class);
  }

  @ParameterizedTest
  @MethodSource("menageries")
  void unreadPayload_isSkipped(String set) throws IOException {
    Path file = Fixtures.images(set).resolve("sk-queues.img");
    try (ImageReader reader = ImageReader.open(file)) {
      InputStream first = payloadOfNext(reader);
      assertThat(first.read()).isEqualTo('o');
      assertThat(payloadOfNext(reader).readAllBytes()).asString().isEqualTo("three");
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(first::read)
          .withMessageContaining("left behind");
      assertThat(reader.next()).isEmpty();
      assertThat(reader.next()).isEmpty();
    }
  }

  @Test
  void tcpStream_givesBothQueuesAndEnds() throws IOException {
    Message entry =
        tcp_stream_entry
            .newBuilder()
            .setInqLen(2)
            .setInqSeq(0)
            .setOutqLen(3)
            .setOutqSeq(0)
            .setOptMask(0)
            .setSndWscale(0)
            .setMssClamp(0)
            .build();
    byte[] image = image(ImageType.TCP_STREAM, entry, "inout");
    try (ImageReader reader = reader(image, ImageType.TCP_STREAM)) {
      assertThat(payloadOfNext(reader).readAllBytes()).asString().isEqualTo("inout");
      assertThat(reader.next()).isEmpty();
    }
    byte[] longer = image(ImageType.TCP_STREAM, entry, "inout, and more");
    try (ImageReader reader = reader(longer, ImageType.TCP_STREAM)) {
      reader.next();
      assertThatExceptionOfType(ImageFormatException.class)
          .isThrownBy(reader::next)
          .withMessageContaining("expected the end of the file");
    }
  }

  @Test
  void oldSharedMemory_isPaddedToFour() throws IOException {
    ipc_shm_entry recorded =
        (ipc_shm_entry)
            parts("4.2.1/menagerie", onlyFile("4.2.1/menagerie", ImageType.IPCNS_SHM))
                .get(0)
                .entry()
                .message();
    Message old = recorded.toBuilder().clearInPagemaps().setSize(5).build();
    try (ImageReader reader =
        reader(image(ImageType.IPCNS_SHM, old, "12345\0\0\0"), ImageType.IPCNS_SHM)) {
      assertThat(payloadOfNext(reader).readAllBytes()).asString().isEqualTo("12345");
      assertThat(reader.next()).isEmpty();
    }
  }

  @Test
  void payloadOfAllBytesThereAre_isCutOff() throws IOException {
    Message endless = ghost_chunk_entry.newBuilder().setLen(-1).setOff(0).build();
    byte[] head =
        Files.readAllBytes(Fixtures.images("4.2.1/menagerie").resolve("ghost-file-2.img"));
    int firstEntry = 8 + 4 + ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getInt(8);
    byte[] image =
        ByteBuffer.allocate(firstEntry + 4 + endless.getSerializedSize())
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(head, 0, firstEntry)
            .putInt(endless.getSerializedSize())
            .put(endless.toByteArray())
            .array();
    try (ImageReader reader = reader(image, ImageType.GHOST_FILE)) {
      reader.next();
      reader.next();
      assertThatExceptionOfType(ImageFormatException.class).isThrownBy(reader::next);
    }
  }

  private static byte[] image(ImageType type, Message entry, String after) {
    byte[] body = entry.toByteArray();
    return ByteBuffer.allocate(12 + body.length + after.length())
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(type.head().number())
        .putInt(type.magic())
        .putInt(body.length)
        .put(body)
        .put(after.getBytes(ISO_8859_1))
        .array();
  }

  private static ImageReader reader(byte[] image, ImageType type) throws IOException {
    return new ImageReader(new ByteArrayInputStream(image), FILE, type);
  }

  private static InputStream payloadOfNext(ImageReader reader) throws IOException {
    assertThat(reader.next()).isPresent();
    return reader.payload();
  }

  private static List<String> texts(String set, String file) throws IOException {
    return parts(set, file).stream().map(Part::text).toList();
  }

  private static List<Part> parts(String set, String file) throws IOException {
    return RecordedImages.parts(Fixtures.images(set).resolve(file));
  }

  private static String onlyFile(String set, ImageType type) throws IOException {
    try (Stream<Path> files = Files.list(Fixtures.images(set))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(type.fileName()::matches)
          .reduce((one, two) -> one + " and " + two)
          .orElseThrow();
    }
  }
}
