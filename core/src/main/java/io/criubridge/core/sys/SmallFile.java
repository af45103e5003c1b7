// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.sys;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that is read into memory as a whole, whose length is bounded for that. */
public final class SmallFile {

  /** Far more than any manifest or description has. */
  public static final int MOST_BYTES = 64 << 20;

  private SmallFile() {}

  /**
   * Reads text.
   *
   * @throws IOException naming the file, also if it is longer than {@link #MOST_BYTES} or not UTF-8
   */
  public static String text(Path file) throws IOException {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MOST_BYTES + 1);
    }
    if (bytes.length > MOST_BYTES) {
      throw new IOException(
          file + ": is longer than " + (MOST_BYTES >> 20) + " MiB, which no file of its kind is");
    }
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new IOException(file + ": is no UTF-8 text", e);
    }
  }
}
