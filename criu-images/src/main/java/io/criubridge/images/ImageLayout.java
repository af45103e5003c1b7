// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images;

import com.google.protobuf.Message;
import io.criubridge.images.proto.bpfmap_data_entry;
import io.criubridge.images.proto.ghost_chunk_entry;
import io.criubridge.images.proto.ghost_file_entry;
import io.criubridge.images.proto.ipc_msg;
import io.criubridge.images.proto.ipc_msg_entry;
import io.criubridge.images.proto.ipc_sem_entry;
import io.criubridge.images.proto.ipc_shm_entry;
import io.criubridge.images.proto.pagemap_entry;
import io.criubridge.images.proto.pipe_data_entry;
import io.criubridge.images.proto.sk_packet_entry;
import io.criubridge.images.proto.tcp_stream_entry;
import java.util.OptionalLong;

/** Tells, entry by entry, which message an image holds next and how much payload follows it. */
final class ImageLayout {

  /**
   * Bytes after a message.
   *
   * @param bytes how many, unsigned; none for all that are left in the file
   * @param alignment the bytes are padded to a multiple of this
   */
  record Payload(OptionalLong bytes, int alignment) {
    static final Payload NONE = of(0, 1);
    static final Payload TO_END = new Payload(OptionalLong.empty(), 1);

    static Payload of(long bytes, int alignment) {
      return new Payload(OptionalLong.of(bytes), alignment);
    }

    int padding() {
      return (int) Long.remainderUnsigned(-bytes.orElse(0), alignment);
    }
  }

  private final ImageType type;
  private boolean atFirst = true;
  private long messagesLeft;

  ImageLayout(ImageType type) {
    this.type = type;
  }

  /** The empty message of the next entry. */
  Message next() {
    return switch (type.payloadRule()) {
      case PAGEMAP -> atFirst ? type.prototype() : pagemap_entry.getDefaultInstance();
      case GHOST_FILE -> atFirst ? type.prototype() : ghost_chunk_entry.getDefaultInstance();
      case IPC_MESSAGES -> messagesLeft > 0 ? ipc_msg.getDefaultInstance() : type.prototype();
      default -> type.prototype();
    };
  }

  /** Whether the file may end before the next entry. */
  boolean mayEnd() {
    return messagesLeft == 0;
  }

  /** Whether the file must end before the next entry. */
  boolean mustEnd() {
    return type.payloadRule() == PayloadRule.TCP_STREAM && !atFirst;
  }

  /** Takes note of an entry. */
  Payload accept(Message message) {
    Payload payload = payloadAfter(message);
    atFirst = false;
    if (message instanceof ipc_msg_entry queue) {
      messagesLeft = Integer.toUnsignedLong(queue.getQnum());
    } else if (message instanceof ipc_msg) {
      messagesLeft--;
    }
    return payload;
  }

  private static Payload payloadAfter(Message message) {
    if (message instanceof ghost_file_entry file) {
      return file.getChunks() ? Payload.NONE : Payload.TO_END;
    } else if (message instanceof ghost_chunk_entry chunk) {
      return Payload.of(chunk.getLen(), 1);
    } else if (message instanceof pipe_data_entry pipe) {
      return Payload.of(Integer.toUnsignedLong(pipe.getBytes()), 1);
    } else if (message instanceof sk_packet_entry packet) {
      return Payload.of(Integer.toUnsignedLong(packet.getLength()), 1);
    } else if (message instanceof tcp_stream_entry tcp) {
      return sum(tcp.getInqLen(), tcp.getOutqLen());
    } else if (message instanceof bpfmap_data_entry map) {
      return sum(map.getKeysBytes(), map.getValuesBytes());
    } else if (message instanceof ipc_sem_entry semaphores) {
      return Payload.of(2 * Integer.toUnsignedLong(semaphores.getNsems()), 8);
    } else if (message instanceof ipc_msg text) {
      return Payload.of(Integer.toUnsignedLong(text.getMsize()), 8);
    } else if (message instanceof ipc_shm_entry memory) {
      return memory.getInPagemaps() ? Payload.NONE : Payload.of(memory.getSize(), 4);
    }
    return Payload.NONE;
  }

  private static Payload sum(int first, int second) {
    return Payload.of(Integer.toUnsignedLong(first) + Integer.toUnsignedLong(second), 1);
  }
}
