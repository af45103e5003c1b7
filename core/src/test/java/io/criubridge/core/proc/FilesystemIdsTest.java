// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.proc;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FilesystemIdsTest {

  @Test
  void read_recordedProcess() throws IOException {
    ProcFs crio = RecordedProc.of("crio-container");
    assertThat(FilesystemIds.read(crio, RecordedProc.onlyPid(crio)))
        .isEqualTo(new FilesystemIds(0, 0));
  }

  @Test
  void parse_areTheLastOfFour_upToTheHighest() throws IOException {
    assertThat(parse("Uid:\t1\t2\t3\t4294967295\nGid:\t5\t6\t7\t8\n"))
        .isEqualTo(new FilesystemIds(4_294_967_295L, 8));
  }

  @Test
  void parse_commandNameLikeALine_isNoLine() throws IOException {
    assertThat(parse("Name:\tUid:\t1 \\nUid: 9 9 9 9\nUid:\t0 0 0 1\nGid:\t0 0 0 2\n"))
        .isEqualTo(new FilesystemIds(1, 2));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Gid:\t0 0 0 0\n",
        "Uid:\nGid:\t0 0 0 0\n",
        "Uid:\t0 0 0\nGid:\t0 0 0 0\n",
        "Uid:\t0 0 0 0 0\nGid:\t0 0 0 0\n",
        "Uid:\t0 0 0 -1\nGid:\t0 0 0 0\n",
        "Uid:\t0 0 0 4294967296\nGid:\t0 0 0 0\n",
        "Uid:\t0 0 0 x\nGid:\t0 0 0 0\n",
        "Uid:\t0 0 0 0\n",
      })
  void parse_malformed_isNamed(String status) {
    assertThatExceptionOfType(ProcFormatException.class)
        .isThrownBy(() -> parse(status))
        .withMessageStartingWith("status line ");
  }

  private static FilesystemIds parse(String status) throws IOException {
    return FilesystemIds.parse("status", status.getBytes(ISO_8859_1));
  }
}
