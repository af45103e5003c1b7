// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.restore;

import static org.assertj.core.api.Assertions.assertThat;

import io.criubridge.hooks.CriuCommandLine;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeclaredKeysTest {

  @Test
  void of_mountsWithASourceOnly() {
    CriuCommandLine commandLine =
        new CriuCommandLine(
            List.of(
                "restore",
                "--external=mnt[/data]:/srv",
                "--external",
                "mnt[name]:/x",
                "-M",
                "old:/y",
                "--external=mnt[]:ms",
                "--external=mnt[/no-source]",
                "--external=file[1:2]:x"));
    assertThat(DeclaredKeys.of(commandLine)).containsExactlyInAnyOrder("/data", "name", "old", "");
  }
}
