// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images;

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

    boolean isNone() {
      return bytes.isPresent() && bytes.getAsLong() == 0;
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

  /** The name of the next entry's message. */
  String next() {
    return switch (type.payloadRule()) {
      case PAGEMAP -> atFirst ? type.messageName() : "pagemap_entry";
      case GHOST_FILE -> atFirst ? type.messageName() : "ghost_chunk_entry";
      case IPC_MESSAGES -> messagesLeft > 0 ? "ipc_msg" : type.messageName();
      default -> type.messageName();
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

  /** How many entries follow that belong to the last one. */
  long messagesLeft() {
    return messagesLeft;
  }

  /** Takes note of an entry, by its bytes. */
  Payload accept(WireCursor message) throws ImageFormatException {
    boolean first = atFirst;
    atFirst = false;
    return switch (type.payloadRule()) {
      case NONE, PAGEMAP, RAW, OLD_PAGES -> Payload.NONE;
      case PIPE_DATA -> Payload.of(number(message, 2), 1);
      case SOCKET_QUEUE -> Payload.of(number(message, 2), 1);
      case TCP_STREAM -> sum(message, 1, 3);
      case BPF_MAP -> sum(message, 2, 3);
      case GHOST_FILE -> ghostFile(message, first);
      case IPC_SEMAPHORES -> Payload.of(2 * number(message, 2), 8);
      case IPC_MESSAGES -> queueOrMessage(message);
      case IPC_SHARED_MEMORY ->
          message.integer(3) != 0 ? Payload.NONE : Payload.of(message.integer(2), 4);
    };
  }

  private Payload queueOrMessage(WireCursor message) throws ImageFormatException {
    if (messagesLeft > 0) {
      messagesLeft--;
      return Payload.of(number(message, 2), 8);
    }
    messagesLeft = number(message, 3);
    return Payload.NONE;
  }

  private static Payload ghostFile(WireCursor message, boolean first) throws ImageFormatException {
    if (first) {
      return message.integer(9) != 0 ? Payload.NONE : Payload.TO_END;
    }
    return Payload.of(message.integer(1), 1);
  }

  private static Payload sum(WireCursor message, int one, int other) throws ImageFormatException {
    return Payload.of(number(message, one) + number(message, other), 1);
  }

  private static long number(WireCursor message, int field) throws ImageFormatException {
    return Integer.toUnsignedLong((int) message.integer(field));
  }
}
