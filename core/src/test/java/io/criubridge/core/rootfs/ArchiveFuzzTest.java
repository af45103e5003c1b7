// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;

/**
 * Whatever the bytes, the reader fails with an IOException or not at all. Here the inputs of the
 * corpus are replayed; {@code scripts/fuzz ArchiveFuzzTest} looks for more.
 */
class ArchiveFuzzTest {

  @FuzzTest(maxDuration = "5m")
  void read_failsOnlyByIOException(byte[] archive) {
    TarReader reader =
        new TarReader(
            ArchiveInput.of(new ByteArrayInputStream(archive)), new ArchiveLimits(1000, 1 << 22));
    try {
      while (reader.next().isPresent()) {
        byte[] data = new byte[(int) Math.min(reader.dataLeft(), 4096)];
        reader.readData(data, data.length);
      }
    } catch (IOException refused) {
      // What is wrong with it is told; that is all that is asked.
    }
  }
}
