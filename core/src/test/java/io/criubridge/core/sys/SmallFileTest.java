// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SmallFileTest {

  @TempDir private Path place;

  @Test
  void text_ofSomeLength_isRead() throws IOException {
    Path file = Files.writeString(place.resolve("a"), "\u00fcber");
    assertThat(SmallFile.text(file)).isEqualTo("\u00fcber");
  }

  @Test
  void text_thatIsTooLong_isRefusedByName() throws IOException {
    Path file = place.resolve("long");
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(SmallFile.MOST_BYTES + 1L);
    }
    assertThatIOException()
        .isThrownBy(() -> SmallFile.text(file))
        .withMessageContaining(file + ": is longer than 64 MiB");
  }

  @Test
  void text_thatIsNone_isRefusedByName() throws IOException {
    Path file = Files.write(place.resolve("bytes"), new byte[] {(byte) 0xff});
    assertThatIOException()
        .isThrownBy(() -> SmallFile.text(file))
        .withMessageContaining(file + ": is no UTF-8 text");
  }
}
