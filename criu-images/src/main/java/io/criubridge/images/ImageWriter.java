// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images;

import com.google.protobuf.Message;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;

/** Writes an image message by message, byte for byte as CRIU does; see {@link FrameWriter}. */
public final class ImageWriter implements Closeable {
  private final FrameWriter frames;

  /** Begins an image with the head and magic of its type. */
  public ImageWriter(OutputStream out, ImageType type) throws IOException {
    if (!type.hasEntries()) {
      throw new IllegalArgumentException(type + " has no entries");
    }
    this.frames = new FrameWriter(out, type, true);
  }

  /**
   * Writes an entry; what the last one's message says of payload must have been written.
   *
   * @throws IllegalArgumentException if the message is not the one that the type holds next, or
   *     lacks a required field
   */
  public void write(Message message) throws IOException {
    String expected = frames.nextMessage();
    String given = message.getDescriptorForType().getFullName();
    if (!given.equals(expected) || !message.isInitialized()) {
      throw new IllegalArgumentException(
          "expected a whole %s, given %s without %s"
              .formatted(expected, given, message.findInitializationErrors()));
    }
    byte[] bytes = message.toByteArray();
    frames.write(bytes, 0, bytes.length);
  }

  /**
   * Takes the payload of the last entry, without padding, until the next one is written.
   *
   * @see ImageType#payloadRule()
   */
  public OutputStream payload() {
    return frames.payload();
  }

  /**
   * Ends the image.
   *
   * @throws IllegalStateException if there is less payload than the last message says
   */
  @Override
  public void close() throws IOException {
    try (frames) {
      frames.finish();
    }
  }
}
