// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.criubridge.core.rootfs.DeletedFiles.Form;
import io.criubridge.core.sys.BytePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeletedFilesTest {

  @TempDir Path temp;

  @Test
  void toJson_writesBothForms() throws IOException {
    List<BytePath> deleted = List.of(BytePath.of("/etc/conf"), BytePath.of("/a \"b\""));
    assertThat(DeletedFiles.toJson(deleted, Form.RELATIVE))
        .isEqualTo("[\"etc/conf\",\"a \\\"b\\\"\"]".getBytes(UTF_8));
    assertThat(DeletedFiles.toJson(List.of(BytePath.of("/etc/conf")), Form.ABSOLUTE))
        .isEqualTo("[\"/etc/conf\"]".getBytes(UTF_8));
    assertThat(DeletedFiles.toJson(List.of(), Form.ABSOLUTE)).isEqualTo("[]".getBytes(UTF_8));
  }

  @ParameterizedTest
  @EnumSource(Form.class)
  void read_givesBackEveryByte(Form form) throws IOException {
    StringBuilder all = new StringBuilder("/");
    for (char c = 1; c < 256; c++) {
      all.append(c == '/' ? 'x' : c);
    }
    List<BytePath> deleted =
        List.of(
            BytePath.ofLatin1(all.toString()),
            BytePath.of("/caf\u00e9/\ud83d\ude00\udcff"),
            BytePath.of("/.wh.x/..."));
    Path file = Files.write(temp.resolve("list"), DeletedFiles.toJson(deleted, form));
    assertThat(DeletedFiles.read(file)).isEqualTo(deleted);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[\"\"]",
        "[\".\"]",
        "[\"/\"]",
        "[\"a\", \"../b\"]",
        "[\"a/..\"]",
        "[\"a\\u0000\"]",
        "[[\"a\"]]",
        "{}",
        "[\"a\"",
        "[\"a\"] [\"b\"]",
        ""
      })
  void read_refusesAndNamesTheFile(String json) throws IOException {
    Path file = Files.writeString(temp.resolve("deleted-files.json"), json);
    assertThatIOException()
        .isThrownBy(() -> DeletedFiles.read(file))
        .withMessageContaining("deleted-files.json");
  }
}
