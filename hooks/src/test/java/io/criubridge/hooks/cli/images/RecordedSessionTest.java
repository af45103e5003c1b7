// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.images;

import static org.assertj.core.api.Assertions.assertThat;

import io.criubridge.fixtures.Fixtures;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the views say of session.c and streams.c. */
class RecordedSessionTest {

  @ParameterizedTest
  @ValueSource(strings = {"4.1.1/session", "4.2.1/session"})
  void terminal_hasASessionAndAForegroundJob(String set) {
    assertThat(Ran.images("x", images(set), "ps").out())
        .containsPattern("\n *1 +1 +1 +alive +1 +session: /session /desk\n")
        .containsPattern("\n *2 +2 +2 +alive +1 +└─ leader: ")
        .containsPattern("\n *3 +3 +2 +alive +1 + └─ job: ");
    assertThat(Ran.images("x", images(set), "fds").out())
        .contains("├─     2  tty        pts/0 /dev/pts/ptmx\n", "tty        pts/0 /dev/pts/0\n");
    assertThat(Ran.images("show", images(set) + "/tty-info.img").out())
        .contains("├─ sid: 2\n", "├─ pgrp: 3\n", "├─ ws_row: 40\n");
    assertThat(Ran.images("show", images(set) + "/tty-data.img").out())
        .contains("data: typed\\x0a\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"4.1.1/session", "4.2.1/session"})
  void memoryFiles_haveNamesSizesAndSeals(String set) {
    assertThat(Ran.images("x", images(set), "fds").out())
        .contains("memfd      plain, 11 B\n", "memfd      sealed, 8.00 KiB\n");
    assertThat(Ran.images("show", images(set) + "/memfd.img").out())
        .contains("seals: F_SEAL_SHRINK | F_SEAL_GROW\n");
    Ran found = Ran.images("memory", images(set), "1", "--search", "on the second page");
    assertThat(found.out()).containsPattern("^[0-9a-f]+000  on the second page  sealed\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"4.1.1/session", "4.2.1/session"})
  void userAndPidNamespace_areInTheImages(String set) {
    assertThat(Ran.images("x", images(set), "ns").lines())
        .anySatisfy(line -> assertThat(line).matches("user +\\d+ +images +1 2 3"))
        .anySatisfy(line -> assertThat(line).matches("pid +\\d+ +images +1 2 3"))
        .anySatisfy(line -> assertThat(line).matches("uts +\\d+ +images +session +1 2 3"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"4.1.1/streams", "4.2.1/streams"})
  void streams_haveDataBothWaysInBothFamilies(String set) {
    assertThat(Ran.images("x", images(set), "sockets").out())
        .containsPattern("inetsk  tcp 127\\S+ -> 127\\S+ ESTABLISHED +4 B +[1-9]\\S* K?i?B ")
        .containsPattern("inetsk  tcp 127\\S+ -> 127\\S+ ESTABLISHED +[1-9]\\S* KiB +0 B ")
        .containsPattern(
            "inetsk  tcp6 \\[::1\\]\\S+ -> \\[::1\\]\\S+ ESTABLISHED +5 B +[1-9]\\S* K?i?B ")
        .containsPattern(
            "inetsk  tcp6 \\[::1\\]\\S+ -> \\[::1\\]\\S+ ESTABLISHED +[1-9]\\S* KiB +0 B ");
  }

  private static String images(String set) {
    return Fixtures.images(set).toString();
  }
}
