// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.e2e;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * What the fixture workload had in its shared memory at dump, read from the pages images.
 *
 * @param counter the last count that was written whole
 * @param writing whether it was writing the next one
 */
record Memory(long counter, boolean writing) {

  private static final byte[] MARKER = "CRIU-BRIDGE-WORKLOAD-COUNTER-01\n".getBytes(US_ASCII);

  static Memory of(Path images) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(images, "pages-*.img")) {
      for (Path file : files) {
        byte[] pages = Files.readAllBytes(file);
        for (int at = 0; at + MARKER.length + 16 <= pages.length; at += 4096) {
          if (Arrays.equals(pages, at, at + MARKER.length, MARKER, 0, MARKER.length)) {
            ByteBuffer values = ByteBuffer.wrap(pages).order(ByteOrder.LITTLE_ENDIAN);
            return new Memory(
                values.getLong(at + MARKER.length), values.getLong(at + MARKER.length + 8) != 0);
          }
        }
      }
    }
    throw new AssertionError("no shared memory of the workload in " + images);
  }
}
