// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonParser;
import io.criubridge.hooks.PidMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PidsTest {
  private static final int SELF = (int) ProcessHandle.current().pid();

  /** Above the kernel's highest PID. */
  private static final int NOBODY = 1 << 23;

  @TempDir private Path directory;

  private void restored(PidMap.Entry... processes) throws IOException {
    new PidMap(List.of(processes)).write(directory.resolve("pids.json"));
  }

  @Test
  void restoredProcess_isRunningOrGone() throws IOException {
    restored(
        new PidMap.Entry(SELF, "odd\u001bname", 100, SELF),
        new PidMap.Entry(6, "ended", 101, NOBODY),
        new PidMap.Entry(NOBODY, "another", 102, SELF));
    CommandOutput ran = CommandOutput.of("pids", directory.toString());
    assertThat(ran.exit()).isZero();
    assertThat(ran.lines().get(0)).matches(" *PID +AT DUMP +NOW +STATE +COMMAND");
    assertThat(ran.lines().get(1))
        .matches(" *%1$d +100 +%1$d +running +odd\\\\x1bname".formatted(SELF));
    assertThat(ran.lines().get(2)).matches(" *6 +101 +%d +gone +ended".formatted(NOBODY));
    assertThat(ran.lines().get(3)).as("has another PID there").contains("gone");
  }

  @Test
  void json_isForPrograms() throws IOException {
    restored(new PidMap.Entry(1, "init", 100, NOBODY));
    JsonArray processes =
        JsonParser.parseString(CommandOutput.of("pids", "--json", directory.toString()).out())
            .getAsJsonArray();
    assertThat(processes.get(0))
        .hasToString(
            "{\"pid\":1,\"dumpHostPid\":100,\"hostPid\":%d,\"state\":\"gone\",\"command\":\"init\"}"
                .formatted(NOBODY));
  }

  @Test
  void noMapAndNoManifest_isNamed() {
    CommandOutput ran = CommandOutput.of("pids", directory.toString());
    assertThat(ran.exit()).isEqualTo(ExitCode.DATA);
    assertThat(ran.err()).contains("manifest.yaml: missing");
  }

  @Test
  void mapThatIsNone_isNamed() throws IOException {
    Files.writeString(directory.resolve("pids.json"), "[]");
    CommandOutput ran = CommandOutput.of("pids", directory.toString());
    assertThat(ran.exit()).isEqualTo(ExitCode.IO);
    assertThat(ran.err()).contains("pids.json: not a PID map");
  }
}
