// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import io.criubridge.images.ImageFormatException;
import io.criubridge.images.ImageType;
import io.criubridge.images.ImageWriter;
import io.criubridge.images.json.CritJson.Form;
import io.criubridge.images.json.CritJson.Payload;
import io.criubridge.images.proto.bpfmap_data_entry;
import io.criubridge.images.proto.fown_entry;
import io.criubridge.images.proto.ghost_chunk_entry;
import io.criubridge.images.proto.ghost_file_entry;
import io.criubridge.images.proto.ipc_desc_entry;
import io.criubridge.images.proto.ipc_msg;
import io.criubridge.images.proto.ipc_msg_entry;
import io.criubridge.images.proto.ipc_sem_entry;
import io.criubridge.images.proto.ipc_shm_entry;
import io.criubridge.images.proto.pidfd_entry;
import io.criubridge.images.proto.pipe_data_entry;
import io.criubridge.images.proto.siginfo_entry;
import io.criubridge.images.proto.sk_packet_entry;
import io.criubridge.images.proto.tcp_stream_entry;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What crit or go-criu get wrong, or did. */
class PeersBugsTest {

  private static final ipc_desc_entry DESC =
      ipc_desc_entry
          .newBuilder()
          .setKey(1)
          .setUid(0)
          .setGid(0)
          .setCuid(0)
          .setCgid(0)
          .setMode(0600)
          .setId(0)
          .build();

  @Test
  void segmentsInPageMaps_areEntriesWithoutContent() throws IOException {
    ipc_shm_entry segment =
        ipc_shm_entry.newBuilder().setDesc(DESC).setSize(5000).setInPagemaps(true).build();
    Image image = new Image(ImageType.IPCNS_SHM).add(segment, "").add(segment, "");
    assertThat(image.json("ipcns-shm-1.img"))
        .containsPattern("\"extra\": \"\"}, .*\"extra\": \"\"}");
    assertThat(image.info("ipcns-shm-1.img").entries()).isEqualTo(2);
    image.comesBack("ipcns-shm-1.img");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 4, 5000})
  void segmentWithContent_isPaddedToFour(int size) throws IOException {
    ipc_shm_entry segment = ipc_shm_entry.newBuilder().setDesc(DESC).setSize(size).build();
    new Image(ImageType.IPCNS_SHM)
        .add(segment, "s".repeat(size))
        .add(segment, "t".repeat(size))
        .comesBack("ipcns-shm-1.img");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 8, 9, 16, 100})
  void messages_arePaddedToEightOnce(int size) throws IOException {
    ipc_msg_entry queue =
        ipc_msg_entry.newBuilder().setDesc(DESC).setQbytes(16384).setQnum(2).build();
    ipc_msg message = ipc_msg.newBuilder().setMtype(1).setMsize(size).build();
    Image image =
        new Image(ImageType.IPCNS_MSG)
            .add(queue, "")
            .add(message, "a".repeat(size))
            .add(message, "b".repeat(size));
    image.comesBack("ipcns-msg-1.img");
    assertThat(image.info("ipcns-msg-1.img").entries()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 4, 5, 8})
  void semaphores_arePaddedToEightOnce(int count) throws IOException {
    ipc_sem_entry set = ipc_sem_entry.newBuilder().setDesc(DESC).setNsems(count).build();
    Image image = new Image(ImageType.IPCNS_SEM).add(set, "\u0007\u0001".repeat(count));
    assertThat(image.json("ipcns-sem-1.img")).contains("[" + "263, ".repeat(count - 1) + "263]");
    image.comesBack("ipcns-sem-1.img");
  }

  @Test
  void ghostFiles_keepTheirHeadAndChunks() throws IOException {
    ghost_file_entry file =
        ghost_file_entry.newBuilder().setUid(0).setGid(0).setMode(0100600).build();
    Image small = new Image(ImageType.GHOST_FILE).add(file, "boo");
    small.comesBack("ghost-file-1.img");
    Image chunked =
        new Image(ImageType.GHOST_FILE)
            .add(file.toBuilder().setChunks(true).setSize(9000).build(), "")
            .add(ghost_chunk_entry.newBuilder().setLen(3).setOff(0).build(), "one")
            .add(ghost_chunk_entry.newBuilder().setLen(5).setOff(8192).build(), "three");
    chunked.comesBack("ghost-file-2.img");
    assertThat(chunked.info("ghost-file-2.img").entries()).isEqualTo(3);
  }

  @Test
  void tcpStream_hasBothQueues() throws IOException {
    tcp_stream_entry stream =
        tcp_stream_entry
            .newBuilder()
            .setInqLen(2)
            .setInqSeq(1)
            .setOutqLen(3)
            .setOutqSeq(1)
            .setOptMask(0)
            .setSndWscale(0)
            .setMssClamp(0)
            .build();
    Image image = new Image(ImageType.TCP_STREAM).add(stream, "inout");
    assertThat(image.json("tcp-stream-1.img"))
        .endsWith("\"extra\": {\"inq\": \"aW4=\\n\", \"outq\": \"b3V0\\n\"}}]}");
    image.comesBack("tcp-stream-1.img");
    String turned =
        image
            .json("tcp-stream-1.img")
            .replace(
                "{\"inq\": \"aW4=\\n\", \"outq\": \"b3V0\\n\"}",
                "{\"outq\": \"b3V0\\n\", \"inq\": \"aW4=\\n\"}");
    assertThat(InMemory.encode(turned)).isEqualTo(image.bytes());
  }

  @Test
  void bpfMap_hasKeysAndValues() throws IOException {
    bpfmap_data_entry map =
        bpfmap_data_entry
            .newBuilder()
            .setMapId(1)
            .setKeysBytes(4)
            .setValuesBytes(8)
            .setCount(1)
            .build();
    Image image =
        new Image(ImageType.BPFMAP_DATA).add(map, "key.value...").add(map, "KEY,VALUE,,,");
    image.comesBack("bpfmap-data.img");
    assertThat(image.json("bpfmap-data.img", Payload.SIZE)).contains("\"extra\": \"... <12B>\"");
  }

  @Test
  void payloadsOfPipesAndPackets_areNotCounted() throws IOException {
    pipe_data_entry pipe = pipe_data_entry.newBuilder().setPipeId(1).setBytes(200).build();
    Image pipes = new Image(ImageType.PIPES_DATA).add(pipe, "p".repeat(200));
    pipes.comesBack("pipes-data.img");
    assertThat(pipes.info("pipes-data.img").entries()).isEqualTo(1);
    sk_packet_entry packet = sk_packet_entry.newBuilder().setIdFor(1).setLength(1).build();
    new Image(ImageType.SK_QUEUES).add(packet, "\n").comesBack("sk-queues.img");
  }

  @Test
  void typesWithoutHandler_areReadAndWritten() throws IOException {
    pidfd_entry pidfd =
        pidfd_entry
            .newBuilder()
            .setId(1)
            .setNspid(2)
            .setIno(3)
            .setFlags(0)
            .setFown(
                fown_entry.newBuilder().setUid(0).setEuid(0).setSignum(0).setPidType(0).setPid(0))
            .build();
    new Image(ImageType.PIDFD).add(pidfd, "").comesBack("pidfd.img");
    siginfo_entry signal =
        siginfo_entry.newBuilder().setSiginfo(ByteString.copyFrom(new byte[128])).build();
    Image signals = new Image(ImageType.PSIGNAL).add(signal, "");
    signals.comesBack("signal-p-7.img");
    assertThat(signals.json("other")).startsWith("{\"magic\": \"SIGNAL\"");
  }

  @Test
  void cutOffPayload_isNotFilledUp() {
    assertThatExceptionOfType(ImageFormatException.class)
        .isThrownBy(
            () -> {
              pipe_data_entry pipe = pipe_data_entry.newBuilder().setPipeId(1).setBytes(9).build();
              byte[] whole = new Image(ImageType.PIPES_DATA).add(pipe, "123456789").bytes();
              CritJson.decode(
                  new ByteArrayInputStream(whole, 0, whole.length - 1),
                  Path.of("pipes-data.img"),
                  new ByteArrayOutputStream(),
                  Form.PLAIN,
                  Payload.WHOLE);
            })
        .withMessageContaining("payload of 9 bytes, found the end of the file after 8");
  }

  @Test
  void fieldsOfLaterVersions_keepTheirPlaceAmongTheOthers() throws IOException {
    UnknownFieldSet later =
        UnknownFieldSet.newBuilder()
            .addField(77, UnknownFieldSet.Field.newBuilder().addFixed32(5).build())
            .build();
    ipc_desc_entry desc = DESC.toBuilder().setUnknownFields(later).build();
    ipc_sem_entry set = ipc_sem_entry.newBuilder().setDesc(desc).setNsems(0).build();
    new Image(ImageType.IPCNS_SEM).add(set, "").comesBack("ipcns-sem-1.img");
  }

  /** An image in memory. */
  private static final class Image {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ImageWriter writer;
    private byte[] whole = {};

    Image(ImageType type) throws IOException {
      writer = new ImageWriter(out, type);
    }

    Image add(Message message, String payload) throws IOException {
      writer.write(message);
      writer.payload().write(payload.getBytes(ISO_8859_1));
      return this;
    }

    byte[] bytes() throws IOException {
      if (whole.length == 0) {
        writer.close();
        whole = out.toByteArray();
      }
      return whole;
    }

    String json(String name) throws IOException {
      return json(name, Payload.WHOLE);
    }

    String json(String name, Payload payload) throws IOException {
      return InMemory.decode(name, bytes(), Form.PLAIN, payload);
    }

    CritJson.Info info(String name) throws IOException {
      return CritJson.info(new ByteArrayInputStream(bytes()), Path.of(name));
    }

    void comesBack(String name) throws IOException {
      assertThat(InMemory.encode(json(name))).isEqualTo(bytes());
    }
  }
}
