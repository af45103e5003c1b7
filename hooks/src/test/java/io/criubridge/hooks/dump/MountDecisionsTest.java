// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.dump;

import static org.assertj.core.api.Assertions.assertThat;

import io.criubridge.core.sys.BytePath;
import java.util.List;
import org.junit.jupiter.api.Test;

class MountDecisionsTest {

  @Test
  void declared_mountPointsOnly() {
    assertThat(
            MountDecisions.declared(
                List.of(
                    "mnt[/a]:k]ey",
                    "mnt[/with space]:/x",
                    "mnt[key]:/path",
                    "mnt[]:ms",
                    "mnt[/b]",
                    "mnt[/../c]:x",
                    "file[1:2]",
                    "net[4026532000]:n")))
        .containsExactlyInAnyOrder(BytePath.of("/a"), BytePath.of("/with space"));
  }
}
