// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.install;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RuncConfTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "action-script /x/criu-bridge-hook",
        "  action-script\t/x/criu-bridge-hook  ",
        "action-script \"/x/criu-bridge-hook\"",
        "action-script /x/criu-bridge-hook # why",
        "tcp-close\naction-script /x/criu-bridge-hook\nshell-job",
      })
  void launcher_isSeen(String text) {
    assertThat(RuncConf.launchers(text)).containsExactly("/x/criu-bridge-hook");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "# action-script /x/criu-bridge-hook",
        "action-script /x/another-hook",
        "action-scripts /x/criu-bridge-hook",
        "action-script",
        "action-script /x/not-criu-bridge-hook",
      })
  void otherLines_areNone(String text) {
    assertThat(RuncConf.launchers(text)).isEmpty();
  }

  @Test
  void lineThatIsAdded_isRemovedAgain() {
    String text = "a\r\n\n# b\n";
    assertThat(RuncConf.without(RuncConf.with(text, "/x/criu-bridge-hook"), "/x/criu-bridge-hook"))
        .isEqualTo(text);
  }
}
