// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.proc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuperOptionTest {

  @ParameterizedTest
  @CsvSource({"a, a", "'a\\,b', 'a,b'", "a\\:b, a:b", "a\\\\b, a\\b", "a\\, a\\", "a:b, a:b"})
  void unescapedValue_takesBackslashesAway(String value, String plain) {
    assertThat(new SuperOption("upperdir", value).unescapedValue()).isEqualTo(plain);
  }

  @Test
  void unescapedParts_splitsAtBareColonsOnly() {
    assertThat(new SuperOption("lowerdir", "a\\:b:c\\\\:d::e").unescapedParts())
        .containsExactly("a:b", "c\\", "d", "", "e");
  }
}
