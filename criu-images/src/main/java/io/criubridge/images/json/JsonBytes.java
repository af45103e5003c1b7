// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.json;

import io.criubridge.images.ImageFormatException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/** The bytes of a JSON text, with those ahead in a buffer that its readers look into. */
final class JsonBytes {
  /** How many bytes {@link #ahead()} puts in the buffer, if there are as many. */
  static final int AHEAD = 128;

  private static final int BUFFER_BYTES = 64 << 10;

  final byte[] buffer = new byte[BUFFER_BYTES];

  /** Where in the buffer the next byte is. */
  int position;

  /** Where in the buffer the bytes end that were read. */
  int end;

  private final InputStream in;
  private final Path file;
  private long base;

  JsonBytes(InputStream in, Path file, long offset) {
    this.in = in;
    this.file = file;
    this.base = offset;
  }

  /** Where the next byte is in the file. */
  long offset() {
    return base + position;
  }

  ImageFormatException unexpected(String expected, String found) {
    return new ImageFormatException(file, offset(), expected, found);
  }

  /** Sees to it that there is a byte in the buffer; false at the end. */
  boolean there() throws IOException {
    if (position < end) {
      return true;
    }
    base += position;
    position = 0;
    end = Math.max(0, in.read(buffer, 0, buffer.length));
    return end > 0;
  }

  /** Sees to it that the bytes of any name or number are in the buffer. */
  void ahead() throws IOException {
    if (end - position < AHEAD) {
      System.arraycopy(buffer, position, buffer, 0, end - position);
      base += position;
      end -= position;
      position = 0;
      end += in.readNBytes(buffer, end, buffer.length - end);
    }
  }

  /** Reads a byte that has to be there. */
  int next() throws IOException {
    if (!there()) {
      throw unexpected("more", "the end");
    }
    return buffer[position++] & 0xff;
  }
}
