// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * Reads an image entry by entry. Nothing in the file is trusted: memory is taken as bytes arrive,
 * not as a length field promises, and whatever CRIU could not have written is an {@link
 * ImageFormatException}.
 *
 * <p>Source: criu/image.c, open_image_at(); criu/protobuf.c, do_pb_read_one().
 */
public final class ImageReader implements Closeable {

  /** The largest entry that is read, in bytes: ten times the memory map of the largest process. */
  public static final int MAX_ENTRY_BYTES = 64 << 20;

  private final InputStream in;
  private final Path file;
  private final ImageType type;
  private final ImageLayout layout;
  private long offset;
  private PayloadStream payload = new PayloadStream(ImageLayout.Payload.NONE);

  /**
   * Reads an image from a stream, beginning with the head and magic.
   *
   * @param file what exceptions call the stream
   * @throws ImageFormatException if the magic is not the type's, or the type has no entries
   */
  public ImageReader(InputStream in, Path file, ImageType type) throws IOException {
    this.in = in;
    this.file = file;
    this.type = type;
    this.layout = new ImageLayout(type);
    if (!type.hasEntries()) {
      throw new ImageFormatException(file, 0, "an image with entries", "a file of type " + type);
    }
    if (type.head() != ImageHead.NONE) {
      expect(type.head().number(), "head " + type.head());
    }
    expect(type.magic(), "magic " + type);
  }

  /**
   * Opens an image whose type its name tells.
   *
   * @throws ImageFormatException if CRIU writes no file of that name, or see the constructor
   */
  public static ImageReader open(Path file) throws IOException {
    String name = Objects.toString(file.getFileName(), "");
    return open(
        file,
        ImageType.ofFileName(name)
            .orElseThrow(() -> new ImageFormatException(file, 0, "the name of an image", name)));
  }

  /**
   * Opens an image of a known type.
   *
   * @throws ImageFormatException see the constructor
   */
  public static ImageReader open(Path file, ImageType type) throws IOException {
    InputStream in = new BufferedInputStream(Files.newInputStream(file));
    try {
      return new ImageReader(in, file, type);
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

  /**
   * Reads the next entry, skipping what was not read of the last one's payload.
   *
   * @return nothing at the end of the file
   * @throws ImageFormatException if the file is cut off or damaged
   */
  public Optional<ImageEntry> next() throws IOException {
    payload.skipRest();
    long start = offset;
    byte[] size = read(Integer.BYTES);
    if (size.length == 0 && layout.mayEnd()) {
      return Optional.empty();
    }
    if (layout.mustEnd()) {
      throw new ImageFormatException(file, start, "the end of the file", "more bytes");
    }
    requireAll(size, Integer.BYTES, start, "the size of an entry");
    long length = Integer.toUnsignedLong(number(size));
    if (length > MAX_ENTRY_BYTES) {
      throw new ImageFormatException(
          file, start, "an entry of at most " + MAX_ENTRY_BYTES + " bytes", length + " bytes");
    }
    Message message = readMessage((int) length);
    payload = new PayloadStream(layout.accept(message));
    return Optional.of(new ImageEntry(start, message));
  }

  /**
   * The bytes that follow the last entry, as {@link ImageType#payloadRule()} says, without padding.
   * The stream is good until the next call of {@link #next()}, and need not be read or closed; it
   * throws {@link ImageFormatException} if the file ends before the payload does.
   */
  public InputStream payload() {
    return payload;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private Message readMessage(int length) throws IOException {
    Message prototype = layout.next();
    String name = prototype.getClass().getSimpleName();
    long start = offset;
    byte[] body = read(length);
    requireAll(body, length, start, name);
    try {
      Message message = prototype.getParserForType().parsePartialFrom(body);
      if (!message.isInitialized()) {
        throw new ImageFormatException(
            file, start, name, "one without " + message.findInitializationErrors());
      }
      return message;
    } catch (InvalidProtocolBufferException e) {
      ImageFormatException failure =
          new ImageFormatException(file, start, name, String.valueOf(e.getMessage()));
      failure.initCause(e);
      throw failure;
    }
  }

  private void expect(int number, String what) throws IOException {
    long start = offset;
    byte[] bytes = read(Integer.BYTES);
    requireAll(bytes, Integer.BYTES, start, what);
    if (number(bytes) != number) {
      throw new ImageFormatException(
          file, start, "%s, 0x%08x".formatted(what, number), "0x%08x".formatted(number(bytes)));
    }
  }

  private void requireAll(byte[] bytes, int length, long start, String what)
      throws ImageFormatException {
    if (bytes.length < length) {
      throw new ImageFormatException(
          file,
          start,
          "%s of %d bytes".formatted(what, length),
          "the end of the file after " + bytes.length);
    }
  }

  /** Reads so many bytes, or fewer at the end; InputStream.readNBytes allocates as they arrive. */
  private byte[] read(int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    offset += bytes.length;
    return bytes;
  }

  private static int number(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt();
  }

  private final class PayloadStream extends InputStream {
    private final ImageLayout.Payload payload;
    private final long start = offset;
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
      if (this != ImageReader.this.payload) {
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
        throw new ImageFormatException(
            file,
            start,
            "payload of %s bytes".formatted(Long.toUnsignedString(payload.bytes().orElseThrow())),
            "the end of the file after " + (offset - start));
      } else {
        offset += count;
        left -= count;
      }
      return count;
    }

    private void skipRest() throws IOException {
      transferTo(OutputStream.nullOutputStream());
      long paddingStart = offset;
      byte[] padding = ImageReader.this.read(payload.padding());
      requireAll(padding, payload.padding(), paddingStart, "padding");
    }
  }
}
