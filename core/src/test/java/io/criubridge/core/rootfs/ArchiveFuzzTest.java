// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Whatever the bytes, the reader fails with an IOException or not at all. Here the inputs of the
 * corpus are replayed; {@code scripts/fuzz ArchiveFuzzTest} looks for more.
 */
class ArchiveFuzzTest {

  @FuzzTest(maxDuration = "5m")
  void read_failsOnlyByIOException(byte[] archive) throws IOException {
    // Only in a file do the first bytes tell how it is compressed.
    Path file = Files.createTempFile("archive-fuzz", "");
    try {
      read(Files.write(file, archive));
    } catch (IOException refused) {
      // What is wrong with it is told; that is all that is asked.
    } finally {
      Files.delete(file);
    }
  }

  private static void read(Path file) throws IOException {
    try (ArchiveInput in = ArchiveInput.open(file, StaleMembers.NONE)) {
      TarReader reader = new TarReader(in, new ArchiveLimits(1000, 1 << 22));
      while (reader.next().isPresent()) {
        byte[] data = new byte[(int) Math.min(reader.dataLeft(), 4096)];
        reader.readData(data, data.length);
      }
    }
  }
}
