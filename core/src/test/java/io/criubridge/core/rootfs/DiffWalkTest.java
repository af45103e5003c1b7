// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DiffWalkTest {

  @Test
  void names_areInTheOrderOfTheirBytes_andEachOnce() {
    List<byte[]> names =
        Stream.of("b", "\u00ff", "a", "b", "ab", "b")
            .map(name -> name.getBytes(ISO_8859_1))
            .collect(Collectors.toList());
    assertThat(DiffWalk.sorted(names))
        .extracting(name -> new String(name, ISO_8859_1))
        .containsExactly("a", "ab", "b", "\u00ff");
  }
}
