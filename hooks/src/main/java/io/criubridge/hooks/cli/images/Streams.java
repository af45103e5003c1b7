// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.images;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/** What commands read from: a file, or the standard input for {@code -}. */
final class Streams {
  private static final String STANDARD = "-";

  private Streams() {}

  static boolean isStandard(Path file) {
    return file.toString().equals(STANDARD);
  }

  static InputStream open(Path file) throws IOException {
    return isStandard(file)
        ? new FileInputStream(FileDescriptor.in)
        : new FileInputStream(file.toFile());
  }
}
