// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * Reads the framing of an image: head, magic, and entry by entry the bytes of a message and its
 * payload. It knows of messages only what tells the length of a payload. Nothing in the file is
 * trusted: memory is taken as bytes arrive, not as a length field promises, and whatever CRIU could
 * not have written is an {@link ImageFormatException}.
 *
 * <p>Source: criu/image.c, open_image_at(); criu/protobuf.c, do_pb_read_one().
 */
public final class FrameReader implements Closeable {

  /** The largest entry that is read, in bytes: ten times the memory map of the largest process. */
  public static final int MAX_ENTRY_BYTES = 64 << 20;

  private final ImageInput in;
  private final Path file;
  private final ImageType type;
  private final boolean withHead;
  private final ImageLayout layout;
  private String messageName = "";
  private long entryOffset;
  private long messageOffset;
  private int messageStart;
  private int messageLength;
  private PayloadStream payload;

  private FrameReader(ImageInput in, Path file, ImageType type, boolean withHead) {
    this.in = in;
    this.file = file;
    this.type = type;
    this.withHead = withHead;
    this.layout = new ImageLayout(type);
    this.payload =
        new PayloadStream(
            type.hasEntries() ? ImageLayout.Payload.NONE : ImageLayout.Payload.TO_END);
  }

  /**
   * Reads an image of a known type, which must have entries.
   *
   * @param file what exceptions call the stream
   * @throws ImageFormatException if the magic is not the type's, or the type has no entries
   */
  public static FrameReader of(InputStream in, Path file, ImageType type) throws IOException {
    if (!type.hasEntries()) {
      throw new ImageFormatException(file, 0, "an image with entries", "a file of type " + type);
    }
    ImageInput input = new ImageInput(in);
    return new FrameReader(input, file, type, ImageStart.expect(input, file, type));
  }

  /**
   * Reads an image of the type that its magic, or where that is none its file's name tells.
   *
   * @param file the file's name decides between types of one magic
   * @throws ImageFormatException if no type has the magic
   */
  public static FrameReader detect(InputStream in, Path file) throws IOException {
    ImageInput input = new ImageInput(in);
    ImageStart start = ImageStart.detect(input, file);
    return new FrameReader(input, file, start.type(), start.withHead());
  }

  /** Opens a file whose type its magic or name tells; see {@link #detect}. */
  public static FrameReader open(Path file) throws IOException {
    InputStream in = Files.newInputStream(file);
    try {
      return detect(in, file);
    } catch (IOException e) {
      try (in) {
        throw e;
      }
    }
  }

  /** The type of this image. */
  public ImageType type() {
    return type;
  }

  /** Whether the image begins as those of its type do; those of CRIU before 1.3 have no head. */
  public boolean hasHead() {
    return withHead;
  }

  /**
   * Reads the next entry, skipping what was not read of the last one's payload.
   *
   * @return false at the end of the file
   * @throws ImageFormatException if the file is cut off or damaged
   */
  public boolean next() throws IOException {
    payload.skipRest();
    entryOffset = in.offset();
    if (!type.hasEntries()) {
      return false;
    }
    int there = in.ahead(Integer.BYTES);
    if (there == 0 && layout.mayEnd()) {
      return false;
    }
    if (layout.mustEnd()) {
      throw new ImageFormatException(file, entryOffset, "the end of the file", "more bytes");
    }
    long length = Integer.toUnsignedLong(ImageStart.number(in, file, "the size of an entry"));
    if (length > MAX_ENTRY_BYTES) {
      throw new ImageFormatException(
          file,
          entryOffset,
          "an entry of at most " + MAX_ENTRY_BYTES + " bytes",
          length + " bytes");
    }
    readMessage((int) length);
    return true;
  }

  private void readMessage(int length) throws IOException {
    messageName = layout.next();
    messageOffset = in.offset();
    int there = in.ahead(length);
    if (there < length) {
      throw cutOff(messageOffset, "%s of %d bytes".formatted(messageName, length), there);
    }
    messageStart = in.start();
    messageLength = length;
    in.advance(length);
    ImageLayout.Payload rule = layout.accept(message());
    if (!rule.isNone() || !payload.payload.isNone()) {
      payload = new PayloadStream(rule);
    }
  }

  /** The name of the last entry's message. */
  public String messageName() {
    return messageName;
  }

  /** The fields of the last entry's message; good until the payload is read. */
  public WireCursor message() {
    return new WireCursor(
        file, in.bytes(), messageStart, messageStart + messageLength, messageOffset - messageStart);
  }

  /** Where the last entry begins, with its size field, in bytes from the file's beginning. */
  public long entryOffset() {
    return entryOffset;
  }

  /** Where the last entry's message begins. */
  public long messageOffset() {
    return messageOffset;
  }

  /** How many entries follow that are part of the last one: the messages of a message queue. */
  public long entriesWithin() {
    return layout.messagesLeft();
  }

  /** How many bytes of payload the last entry has, unsigned; none for all that are left. */
  public OptionalLong payloadBytes() {
    return payload.payload.bytes();
  }

  /**
   * The bytes that follow the last entry, as {@link ImageType#payloadRule()} says, without padding;
   * of a type without entries, all that follows the magic. The stream is good until the next call
   * of {@link #next()}, and need not be read or closed; it throws {@link ImageFormatException} if
   * the file ends before the payload does.
   */
  public InputStream payload() {
    return payload;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private ImageFormatException cutOff(long start, String what, long after) {
    return new ImageFormatException(file, start, what, "the end of the file after " + after);
  }

  private final class PayloadStream extends InputStream {
    private final ImageLayout.Payload payload;
    private final long start = in.offset();
    private long left;

    PayloadStream(ImageLayout.Payload payload) {
      this.payload = payload;
      this.left = payload.bytes().orElse(Long.MAX_VALUE);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      Objects.checkFromIndexSize(from, length, bytes.length);
      if (this != FrameReader.this.payload) {
        throw new IOException(file + ": payload of an entry that was left behind");
      }
      if (left == 0 || length == 0) {
        return left == 0 ? -1 : 0;
      }
      int wanted = Long.compareUnsigned(left, length) > 0 ? length : (int) left;
      int count = in.read(bytes, from, wanted);
      if (count < 0 && payload.bytes().isEmpty()) {
        left = 0;
      } else if (count < 0) {
        String bytesOf = Long.toUnsignedString(payload.bytes().orElseThrow());
        throw cutOff(start, "payload of " + bytesOf + " bytes", in.offset() - start);
      } else {
        left -= count;
      }
      return count;
    }

    @Override
    public long transferTo(OutputStream out) throws IOException {
      // Most entries have no payload, and need no buffer for it.
      return left == 0 ? 0 : super.transferTo(out);
    }

    private void skipRest() throws IOException {
      if (payload.isNone()) {
        return;
      }
      if (left != 0) {
        transferTo(OutputStream.nullOutputStream());
      }
      int padding = payload.padding();
      if (padding > 0) {
        int there = in.ahead(padding);
        if (there < padding) {
          throw cutOff(in.offset(), "padding of %d bytes".formatted(padding), there);
        }
        skipZeros(padding);
      }
    }

    private void skipZeros(int padding) throws ImageFormatException {
      for (int i = 0; i < padding; i++) {
        byte there = in.bytes()[in.start() + i];
        if (there != 0) {
          throw new ImageFormatException(
              file, in.offset() + i, "padding of zeros", "0x%02x".formatted(there));
        }
      }
      in.advance(padding);
    }
  }
}
