// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images;

import com.google.protobuf.Message;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Writes an image entry by entry, byte for byte as CRIU does. Only types whose entries have no
 * payload are written yet.
 */
public final class ImageWriter implements Closeable {
  private final OutputStream out;
  private final ImageLayout layout;

  /**
   * Begins an image with the head and magic of its type.
   *
   * @throws IllegalArgumentException if the type has no entries, or entries with payload
   */
  public ImageWriter(OutputStream out, ImageType type) throws IOException {
    switch (type.payloadRule()) {
      case NONE, PAGEMAP -> {}
      default ->
          throw new IllegalArgumentException(type + " has payload, which is not written yet");
    }
    this.out = out;
    this.layout = new ImageLayout(type);
    if (type.head() != ImageHead.NONE) {
      writeNumber(type.head().number());
    }
    writeNumber(type.magic());
  }

  /**
   * Writes an entry.
   *
   * @throws IllegalArgumentException if the message is not the one that the type holds next, or
   *     lacks a required field
   */
  public void write(Message message) throws IOException {
    String expected = layout.next().getDescriptorForType().getFullName();
    String given = message.getDescriptorForType().getFullName();
    if (!given.equals(expected) || !message.isInitialized()) {
      throw new IllegalArgumentException(
          "expected a whole %s, given %s without %s"
              .formatted(expected, given, message.findInitializationErrors()));
    }
    layout.accept(message);
    writeNumber(message.getSerializedSize());
    message.writeTo(out);
  }

  @Override
  public void close() throws IOException {
    out.close();
  }

  private void writeNumber(int number) throws IOException {
    out.write(
        ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(number).array());
  }
}
