// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.restore;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckedCheckpointTest {

  @ParameterizedTest
  @CsvSource({
    "4.1, 4.1.1, true",
    "4.1.1, 4.1, false",
    "4.1, 4.1.0, false",
    "4.1.1, 4.1.1, false",
    "3.19, 4.0, true",
    "4.9, 4.10, true",
    "4.10, 4.9, false",
    "4.2-rc1, 4.2, false",
    "4.1.1, 4.1.1-12-gabcdef, true",
    "unknown, 4.1, true",
    "4.1, unknown, false",
    "4.99999999999, 4.1, true",
    "'', '', false",
  })
  void isOlder_comparesNumbers(String version, String than, boolean older) {
    assertThat(CheckedCheckpoint.isOlder(version, than)).isEqualTo(older);
  }
}
