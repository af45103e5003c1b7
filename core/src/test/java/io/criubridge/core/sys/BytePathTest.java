// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.sys;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BytePathTest {

  @ParameterizedTest
  @CsvSource({"/,/", "'',/", "a/b,/a/b", "//a///b/,/a/b", "./a/./b,/a/b", "/.wh.x,/.wh.x"})
  void of_dropsEmptyAndDotComponents(String given, String clean) {
    assertThat(BytePath.of(given)).hasToString(clean);
  }

  @ParameterizedTest
  @ValueSource(strings = {"..", "/a/../b", "../a", "/a/..", "/a\0b"})
  void of_refusesDotDotAndNul(String given) {
    assertThatIllegalArgumentException().isThrownBy(() -> BytePath.of(given));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "a/b", "a\0"})
  void resolve_refusesWhatIsNoFileName(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BytePath.ROOT.resolve(name.getBytes(ISO_8859_1)));
  }

  @Test
  void text_keepsEveryByte() {
    Random random = new Random(7);
    for (int round = 0; round < 2_000; round++) {
      byte[] bytes = new byte[1 + random.nextInt(12)];
      random.nextBytes(bytes);
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = bytes[i] == 0 || bytes[i] == '/' || bytes[i] == '.' ? (byte) 'x' : bytes[i];
      }
      BytePath path = BytePath.ROOT.resolve(bytes);
      assertThat(BytePath.of(path.text())).isEqualTo(path);
      assertThat(path.name()).isEqualTo(bytes);
    }
  }

  @Test
  void toString_showsOddBytesAsEscapes() {
    BytePath path = BytePath.ofLatin1("/caf\u00c3\u00a9/\u00ff\n");
    assertThat(path).hasToString("/café/\\xff\\x0a");
    assertThat(path.text()).isEqualTo("/café/\udcff\n");
  }

  @Test
  void startsWith_comparesComponents() {
    BytePath etc = BytePath.of("/etc");
    assertThat(BytePath.of("/etc/hosts").startsWith(etc)).isTrue();
    assertThat(BytePath.of("/etcetera").startsWith(etc)).isFalse();
    assertThat(etc.startsWith(etc)).isTrue();
    assertThat(etc.startsWith(BytePath.ROOT)).isTrue();
  }

  @Test
  void parentAndComponents_ofNestedPathAndRoot() {
    BytePath path = BytePath.of("/a/b/c");
    assertThat(path.parent()).hasToString("/a/b");
    assertThat(path.components()).hasSize(3);
    assertThat(BytePath.of("/a").parent()).isEqualTo(BytePath.ROOT);
    assertThat(BytePath.ROOT.parent()).isEqualTo(BytePath.ROOT);
    assertThat(BytePath.ROOT.components()).isEmpty();
    assertThat(BytePath.ROOT.relativeBytes()).isEmpty();
  }
}
