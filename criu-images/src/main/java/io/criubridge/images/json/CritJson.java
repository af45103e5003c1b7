// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.json;

import io.criubridge.images.FrameReader;
import io.criubridge.images.ImageFormatException;
import io.criubridge.images.ImageType;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;

/**
 * Turns images into the JSON of CRIU's {@code crit} and back, entry by entry, in memory that does
 * not grow with the image. Either tool reads what the other wrote. Raw images become one entry that
 * is all {@code extra}, and fields that the schema does not have are kept as {@code
 * unknown_fields}.
 *
 * <p>Source: lib/pycriu/images/images.py and pb2dict.py of CRIU 4.2.
 */
public final class CritJson {
  static final String PAGEMAP_HEAD = "pagemap_head";

  private CritJson() {}

  /** How JSON is written; both forms are read. */
  public enum Form {
    /** On one line, with plain numbers. */
    PLAIN,
    /**
     * Indented, with names, addresses and hexadecimal numbers where CRIU's schema asks for them.
     */
    PRETTY
  }

  /** Whether the bytes that follow messages are written. */
  public enum Payload {
    /** As base64. */
    WHOLE,
    /** Their size only; such JSON cannot be encoded. */
    SIZE
  }

  /**
   * Reads an image and writes it as JSON, without a line end after it.
   *
   * @param file what exceptions call the image; its name tells the type of one without a magic
   * @return what it was
   * @throws ImageFormatException if the image is damaged or of no known type
   */
  public static Info decode(
      InputStream image, Path file, OutputStream json, Form form, Payload payload)
      throws IOException {
    FrameReader frames = FrameReader.detect(image, file);
    boolean whole = payload == Payload.WHOLE;
    return new Info(
        frames.type(), new ImageToJson(frames, json, form == Form.PRETTY, whole).write());
  }

  /**
   * Reads JSON and writes the image, byte for byte as CRIU would.
   *
   * @param file what exceptions call the JSON
   * @return what it is
   * @throws ImageFormatException if it is no JSON, or not that of an image; what was written so far
   *     is no image then
   */
  public static Info encode(InputStream json, Path file, OutputStream image) throws IOException {
    return new JsonToImage(json, file, image).write();
  }

  /**
   * What an image is and how many entries it has, without what belongs to an entry: a pagemap's
   * head, the messages of a queue.
   */
  public record Info(ImageType type, long entries) {}

  /** Reads an image through. */
  public static Info info(InputStream image, Path file) throws IOException {
    FrameReader frames = FrameReader.detect(image, file);
    long entries = 0;
    while (frames.next()) {
      boolean within = frames.messageName().equals("ipc_msg");
      entries += within || frames.messageName().equals(PAGEMAP_HEAD) ? 0 : 1;
    }
    return new Info(frames.type(), entries);
  }
}
