// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/** Reads an image message by message. Framing and errors are those of {@link FrameReader}. */
public final class ImageReader implements Closeable {

  private final FrameReader frames;
  private final Path file;

  /**
   * Reads an image from a stream, beginning with the head and magic.
   *
   * @param file what exceptions call the stream
   * @throws ImageFormatException if the magic is not the type's, or the type has no entries
   */
  public ImageReader(InputStream in, Path file, ImageType type) throws IOException {
    this.frames = FrameReader.of(in, file, type);
    this.file = file;
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
    InputStream in = Files.newInputStream(file);
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
    return frames.type();
  }

  /**
   * Reads the next entry, skipping what was not read of the last one's payload.
   *
   * @return nothing at the end of the file
   * @throws ImageFormatException if the file is cut off or damaged
   */
  public Optional<ImageEntry> next() throws IOException {
    if (!frames.next()) {
      return Optional.empty();
    }
    return Optional.of(new ImageEntry(frames.entryOffset(), parse()));
  }

  /** The bytes that follow the last entry; see {@link FrameReader#payload()}. */
  public InputStream payload() {
    return frames.payload();
  }

  @Override
  public void close() throws IOException {
    frames.close();
  }

  private Message parse() throws ImageFormatException {
    Message prototype = EntryMessages.of(type(), frames.messageName());
    WireCursor body = frames.message();
    String name = prototype.getClass().getSimpleName();
    try {
      CodedInputStream in =
          CodedInputStream.newInstance(body.bytes(), body.position(), body.end() - body.position());
      Message message = prototype.getParserForType().parsePartialFrom(in);
      if (!message.isInitialized()) {
        throw new ImageFormatException(
            file,
            frames.messageOffset(),
            name,
            "one without " + message.findInitializationErrors());
      }
      return message;
    } catch (InvalidProtocolBufferException e) {
      ImageFormatException failure =
          new ImageFormatException(
              file, frames.messageOffset(), name, String.valueOf(e.getMessage()));
      failure.initCause(e);
      throw failure;
    }
  }
}
