// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ByteCountTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "1, 1 B",
    "1023, 1023 B",
    "1024, 1.00 KiB",
    "1536, 1.50 KiB",
    "10239, 10.0 KiB",
    "102400, 100 KiB",
    "1048575, 1.00 MiB",
    "1048576, 1.00 MiB",
    "25125558681, 23.4 GiB",
    "9223372036854775807, 8.00 EiB",
  })
  void text_hasThreeDigitsAndAUnit(long bytes, String expected) {
    assertThat(ByteCount.text(bytes)).isEqualTo(expected);
  }
}
