// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who writes to an archive stops when told to, in the middle of a file too. */
class ArchiveOutputTest {

  @AfterEach
  void forgetInterruption() {
    Thread.interrupted();
  }

  @Test
  void write_endsWhenInterrupted() throws IOException {
    byte[] megabyte = new byte[1 << 20];
    try (ArchiveOutput out =
        new ArchiveOutput(
            Channels.newChannel(OutputStream.nullOutputStream()), new DiffProgress())) {
      out.write(megabyte);
      Thread.currentThread().interrupt();
      assertThatExceptionOfType(InterruptedIOException.class)
          .isThrownBy(
              () -> {
                for (int i = 0; i < 10; i++) {
                  out.write(megabyte);
                }
              });
    }
  }
}
