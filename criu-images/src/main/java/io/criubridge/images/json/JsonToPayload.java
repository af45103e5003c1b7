// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.json;

import io.criubridge.images.FrameWriter;
import io.criubridge.images.ImageFormatException;
import io.criubridge.images.PayloadRule;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** Writes what follows an entry's message from the entry's {@code extra}. */
final class JsonToPayload {
  private final Schema schema;
  private final FrameWriter frames;
  private final JsonInput entry;

  JsonToPayload(Schema schema, FrameWriter frames, JsonInput entry) {
    this.schema = schema;
    this.frames = frames;
    this.entry = entry;
  }

  /**
   * Writes the payload of the last message.
   *
   * @param extra the value of the entry's extra, if it has one
   */
  void write(PayloadRule rule, @Nullable JsonInput extra) throws IOException {
    boolean needed =
        rule == PayloadRule.IPC_MESSAGES ? frames.entriesWithin() > 0 : payloadBytes() != 0;
    if (extra == null) {
      if (needed) {
        throw entry.unexpected("an entry with extra", "one without");
      }
      return;
    }
    switch (rule) {
      case TCP_STREAM -> streams(extra);
      case IPC_SEMAPHORES -> semaphores(extra);
      case IPC_MESSAGES -> queue(extra);
      default -> bytes(extra);
    }
    extra.expectEnd();
  }

  private long payloadBytes() {
    return frames.payloadBytes().orElse(0);
  }

  private void bytes(JsonInput in) throws IOException {
    CountedPayload payload = new CountedPayload(in);
    Base64Text.read(in, payload);
    payload.requireAll();
  }

  private void streams(JsonInput in) throws IOException {
    CountedPayload payload = new CountedPayload(in);
    in.expect('{');
    try (Spool later = new Spool()) {
      boolean received = false;
      boolean sent = false;
      for (boolean first = true; in.more('}', first); first = false) {
        in.key();
        if (in.asciiText().equals("inq") && !received) {
          Base64Text.read(in, payload);
          received = true;
        } else if (in.asciiText().equals("outq") && !sent) {
          Base64Text.read(in, received ? payload : later);
          sent = true;
        } else {
          throw in.unexpected("inq and outq", '"' + in.asciiText() + '"');
        }
      }
      later.content().transferTo(payload);
    }
    payload.requireAll();
  }

  private void semaphores(JsonInput in) throws IOException {
    CountedPayload payload = new CountedPayload(in);
    in.expect('[');
    for (boolean first = true; in.more(']', first); first = false) {
      in.number();
      long value = in.magnitude();
      if (in.negative() || value >>> Short.SIZE != 0) {
        throw in.unexpected("a semaphore's value of 16 bits", "another number");
      }
      payload.write((int) value);
      payload.write((int) value >> 8);
    }
    payload.requireAll();
  }

  private void queue(JsonInput in) throws IOException {
    JsonToMessage messages = new JsonToMessage(schema, in);
    in.expect('[');
    for (boolean first = true; in.more(']', first); first = false) {
      if (frames.entriesWithin() == 0) {
        throw in.unexpected("as many messages as qnum says", "more");
      }
      WireOutput message = messages.read(schema.message(frames.nextMessage()), other -> false);
      frames.write(message.bytes(), 0, message.length());
      in.expect(',');
      bytes(in);
    }
    if (frames.entriesWithin() > 0) {
      throw in.unexpected("as many messages as qnum says", "fewer");
    }
  }

  /** The payload of the last message; more or less than it says is an error of the JSON. */
  private final class CountedPayload extends OutputStream {
    private final JsonInput in;
    private final OutputStream out = frames.payload();
    private final boolean any = frames.payloadBytes().isEmpty();
    private long left = payloadBytes();

    CountedPayload(JsonInput in) {
      this.in = in;
    }

    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      if (!any && Long.compareUnsigned(length, left) > 0) {
        throw wrong("more");
      }
      left -= length;
      out.write(bytes, from, length);
    }

    private void requireAll() throws ImageFormatException {
      if (!any && left != 0) {
        throw wrong(Long.toUnsignedString(left) + " bytes fewer");
      }
    }

    private ImageFormatException wrong(String found) {
      return in.unexpected(
          "extra of " + Long.toUnsignedString(payloadBytes()) + " bytes, as its message says",
          found);
    }
  }
}
