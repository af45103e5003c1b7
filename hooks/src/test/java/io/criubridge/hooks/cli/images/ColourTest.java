// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.images;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.criubridge.fixtures.Fixtures;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who gets colours, asked of a process of its own: it depends on the environment. */
class ColourTest {
  private static final String ESCAPE = "\u001b[";

  @Test
  void colour_isForTerminalsWhoseUserWantsIt() throws Exception {
    assertThat(processes(true, Optional.empty())).contains(ESCAPE);
    assertThat(processes(true, Optional.of(""))).contains(ESCAPE);
    assertThat(processes(true, Optional.of("1"))).contains("COMMAND").doesNotContain(ESCAPE);
    assertThat(processes(false, Optional.empty())).contains("COMMAND").doesNotContain(ESCAPE);
  }

  private static String processes(boolean terminal, Optional<String> noColour)
      throws IOException, InterruptedException {
    String set = Fixtures.images("4.2.1/menagerie").toString();
    ProcessBuilder command =
        new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dcriubridge.stdout.terminal=" + terminal,
                "-cp",
                System.getProperty("java.class.path"),
                "io.criubridge.hooks.cli.Main",
                "images",
                "x",
                set,
                "ps"));
    command.environment().remove("NO_COLOR");
    noColour.ifPresent(value -> command.environment().put("NO_COLOR", value));
    Process process = command.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).isZero();
    return output;
  }
}
