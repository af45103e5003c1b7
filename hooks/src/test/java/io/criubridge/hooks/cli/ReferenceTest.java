// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReferenceTest {
  @TempDir private Path share;

  @BeforeEach
  void write() throws IOException {
    Reference.write(share);
  }

  @Test
  void everyCommand_hasAManual() throws IOException {
    assertThat(share.resolve("man/man1/criu-bridge.1"))
        .content()
        .contains("criu\\-bridge\\-install");
    for (String name : CriuBridge.commandLine().getSubcommands().keySet()) {
      assertThat(share.resolve("man/man1/criu-bridge-" + name + ".1")).isNotEmptyFile();
    }
  }

  @Test
  void manual_namesEveryOption() throws IOException {
    assertThat(Files.readString(share.resolve("man/man1/criu-bridge-install.1")))
        .contains(".B \\-\\-prefix DIR", "PREFIX/lib/criu\\-bridge", "(default: /usr/local)");
  }

  @Test
  void completion_knowsTheCommands() throws IOException {
    assertThat(Files.readString(share.resolve("bash-completion/completions/criu-bridge")))
        .contains("uninstall", "--plugin-dir");
  }
}
