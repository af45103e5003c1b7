// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images;

import java.io.IOException;
import java.nio.file.Path;

/** An image file that is not what CRIU writes: cut off, damaged, or of another kind. */
public final class ImageFormatException extends IOException {
  private static final long serialVersionUID = 1L;

  private final String file;
  private final long offset;
  private final String expected;

  /**
   * Names the first place at which a file is wrong.
   *
   * @param offset in bytes from the file's beginning
   * @param expected what should have been there
   * @param found what was
   */
  public ImageFormatException(Path file, long offset, String expected, String found) {
    super("%s: byte %d: expected %s, found %s".formatted(file, offset, expected, found));
    this.file = file.toString();
    this.offset = offset;
    this.expected = expected;
  }

  /** The file, as it was named to the reader. */
  public Path file() {
    return Path.of(file);
  }

  /** Where the file is wrong, in bytes from its beginning. */
  public long offset() {
    return offset;
  }

  /** What should have been there. */
  public String expected() {
    return expected;
  }
}
