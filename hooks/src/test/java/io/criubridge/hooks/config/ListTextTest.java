// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListTextTest {

  @ParameterizedTest
  @ValueSource(strings = {"/a", "/a,b", "/a\\", "/a\\,b", "/a\\\\", "/a\\b,"})
  void escape_anyItem_isOneItemAgain(String item) {
    String list = ListText.escape(item) + "," + ListText.escape(item);
    assertThat(ListText.split(list)).isEqualTo(List.of(item, item));
  }

  @Test
  void split_backslashBeforeSomethingElse_staysOne() {
    assertThat(ListText.split("/a\\b,/c\\")).containsExactly("/a\\b", "/c\\");
  }
}
