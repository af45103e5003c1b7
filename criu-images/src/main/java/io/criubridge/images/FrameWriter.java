// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * Writes the framing of an image, byte for byte as CRIU does, through a buffer. What would not be
 * an image is an {@link IllegalStateException}: a payload of another length than its message says,
 * fewer messages in a queue than it says.
 */
public final class FrameWriter implements Closeable {
  private static final Path NO_FILE = Path.of("message");
  private static final int BUFFER_BYTES = 64 << 10;

  private final OutputStream out;
  private final ImageType type;
  private final ImageLayout layout;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int buffered;
  private PayloadStream payload;

  /**
   * Begins an image with the head and magic of its type.
   *
   * @param withHead false to begin as CRIU before 1.3 did
   */
  public FrameWriter(OutputStream out, ImageType type, boolean withHead) throws IOException {
    this.out = out;
    this.type = type;
    this.layout = new ImageLayout(type);
    this.payload =
        new PayloadStream(
            type.hasEntries() ? ImageLayout.Payload.NONE : ImageLayout.Payload.TO_END);
    if (withHead && type.head() != ImageHead.NONE) {
      writeNumber(type.head().number());
    }
    if (type.payloadRule() != PayloadRule.RAW) {
      writeNumber(type.magic());
    }
  }

  /** The name of the next entry's message. */
  public String nextMessage() {
    return layout.next();
  }

  /** Whether the image may have another entry. */
  public boolean mayContinue() {
    return type.hasEntries() && !layout.mustEnd();
  }

  /**
   * Writes an entry.
   *
   * @throws ImageFormatException if the bytes are no message
   */
  public void write(byte[] message, int from, int length) throws IOException {
    if (!mayContinue()) {
      throw new IllegalStateException("an image of type " + type + " has no further entry");
    }
    payload.finish();
    ImageLayout.Payload rule =
        layout.accept(new WireCursor(NO_FILE, message, from, from + length, -from));
    if (!rule.isNone() || !payload.rule.isNone()) {
      payload = new PayloadStream(rule);
    }
    writeNumber(length);
    put(message, from, length);
  }

  /** How many bytes of payload the last entry must have; none for any number. */
  public OptionalLong payloadBytes() {
    return payload.rule.bytes();
  }

  /** How many entries must follow that are part of the last one. */
  public long entriesWithin() {
    return layout.messagesLeft();
  }

  /** Takes the payload of the last entry, without padding, until the next one is written. */
  public OutputStream payload() {
    return payload;
  }

  /** Checks that the last entry is whole and pads it; to be called once, after all entries. */
  public void finish() throws IOException {
    payload.finish();
    if (!layout.mayEnd()) {
      throw new IllegalStateException(layout.messagesLeft() + " messages of a queue are missing");
    }
    drain();
    out.flush();
  }

  /** Closes the stream; what {@link #finish()} was not called for is not whole. */
  @Override
  public void close() throws IOException {
    out.close();
  }

  private void writeNumber(int value) throws IOException {
    room(Integer.BYTES);
    for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
      buffer[buffered++] = (byte) (value >>> shift);
    }
  }

  private void put(byte[] bytes, int from, int length) throws IOException {
    room(length);
    if (length > buffer.length) {
      out.write(bytes, from, length);
      return;
    }
    System.arraycopy(bytes, from, buffer, buffered, length);
    buffered += length;
  }

  private void room(int bytes) throws IOException {
    if (buffer.length - buffered < bytes) {
      drain();
    }
  }

  private void drain() throws IOException {
    out.write(buffer, 0, buffered);
    buffered = 0;
  }

  private final class PayloadStream extends OutputStream {
    private final ImageLayout.Payload rule;
    private long left;

    PayloadStream(ImageLayout.Payload rule) {
      this.rule = rule;
      this.left = rule.bytes().orElse(0);
    }

    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      Objects.checkFromIndexSize(from, length, bytes.length);
      if (this != payload || (rule.bytes().isPresent() && Long.compareUnsigned(length, left) > 0)) {
        throw new IllegalStateException("more payload than the message says");
      }
      put(bytes, from, length);
      left -= length;
    }

    private void finish() throws IOException {
      if (rule.isNone()) {
        return;
      }
      if (rule.bytes().isPresent() && left != 0) {
        throw new IllegalStateException(
            Long.toUnsignedString(left) + " bytes of payload are missing");
      }
      if (rule.padding() > 0) {
        put(new byte[rule.padding()], 0, rule.padding());
      }
    }
  }
}
