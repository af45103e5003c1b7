// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecretHashTest {

  /** The vectors of SipHash-2-4: key 00 to 0f, message 00, 01, 02 and so on. */
  @ParameterizedTest
  @CsvSource({
    "0, 726fdb47dd0e0e31",
    "1, 74f839c593dc67fd",
    "7, ab0200f58b01d137",
    "8, 93f5f5799a932462",
    "15, a129ca6149be45e5",
  })
  void publishedVectors(int length, String expected) {
    byte[] message = new byte[length];
    for (int i = 0; i < length; i++) {
      message[i] = (byte) i;
    }
    long hash =
        SecretHash.digest(0x0706050403020100L, 0x0f0e0d0c0b0a0908L, SecretHash.words(message));
    assertThat(Long.toHexString(hash)).isEqualTo(expected);
  }

  @Test
  void differsByEachOfItsParts() {
    byte[] name = {'a'};
    assertThat(SecretHash.of(1, name))
        .isEqualTo(SecretHash.of(1, name))
        .isNotEqualTo(SecretHash.of(2, name))
        .isNotEqualTo(SecretHash.of(1, new byte[] {'a', 0}));
    assertThat(SecretHash.of(1L, 2L))
        .isNotEqualTo(SecretHash.of(2L, 1L))
        .isNotEqualTo(SecretHash.of(1L, 2L, 0L));
  }
}
