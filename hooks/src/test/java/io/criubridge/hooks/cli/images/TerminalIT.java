// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.images;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import io.criubridge.fixtures.Fixtures;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the installed command prints on a real terminal, which {@code script} makes. */
class TerminalIT {
  private static final Path COMMAND =
      Path.of(System.getProperty("criu-bridge.dist", "../dist"), "bin/criu-bridge")
          .toAbsolutePath()
          .normalize();
  private static final String SESSION = Fixtures.images("4.2.1/session").toString();
  private static final String CONTAINER = Fixtures.images("4.2.1/container").toString();
  private static final String ESCAPE = "\u001b";

  @ParameterizedTest
  @CsvSource({"C.UTF-8, '1  └─ leader:', '1     └─ job:'", "C, '1  `- leader:', '1     `- job:'"})
  void tree_hasTheLinesThatTheLocaleHas(String locale, String child, String grandchild)
      throws Exception {
    String command = "%s images x %s ps".formatted(COMMAND, SESSION);
    assertThat(onTerminal("LC_ALL=" + locale, command)).contains(child, grandchild);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x %s fds", "show %s/pstree.img"})
  void branches_areAsciiWhereTheLocaleIs(String images) throws Exception {
    String command = COMMAND + " images " + images.formatted(SESSION);
    assertThat(onTerminal("LC_ALL=C.UTF-8", command)).contains("├─ ", "└─ ");
    assertThat(onTerminal("LC_ALL=C", command)).contains("|- ", "`- ").matches("(?s)\\p{ASCII}*");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x %1$s ps",
        "x %1$s fds",
        "x %1$s mems",
        "x %1$s rss",
        "x %1$s mounts",
        "x %1$s sockets",
        "x %1$s ns",
        "x %1$s cgroups",
        "stats %1$s",
        "diff %1$s %2$s || true",
        "memory %1$s 1",
        "show %1$s/pstree.img",
      })
  void colours_areForTerminalsWhoseUserWantsThem(String images) throws Exception {
    String command = COMMAND + " images " + images.formatted(SESSION, CONTAINER);
    assertThat(onTerminal("NO_COLOR=", command)).contains(ESCAPE + "[");
    assertThat(onTerminal("NO_COLOR=1", command)).isNotBlank().doesNotContain(ESCAPE);
    assertThat(onTerminal("NO_COLOR=", "(" + command + ") | cat"))
        .isNotBlank()
        .doesNotContain(ESCAPE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x %s ps", "stats %s", "memory %s 1", "show %s/pstree.img"})
  void json_isTheSameOnATerminal(String images) throws Exception {
    String command = COMMAND + " images " + images.formatted(SESSION) + " --json";
    String text = onTerminal("NO_COLOR=", command);
    assertThat(JsonParser.parseString(text))
        .isEqualTo(JsonParser.parseString(onTerminal("NO_COLOR=", command + " | cat")));
    assertThat(text).doesNotContain(ESCAPE);
  }

  /** Runs a command of the shell with a terminal. */
  private static String onTerminal(String variable, String command) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            List.of("env", variable, "TERM=xterm", "script", "-qec", command, "/dev/null"));
    builder.environment().keySet().removeAll(List.of("NO_COLOR", "LC_ALL"));
    builder.environment().putIfAbsent("LANG", "C.UTF-8");
    Process process =
        builder.redirectInput(Path.of("/dev/null").toFile()).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
    return output.replace("\r", "");
  }
}
