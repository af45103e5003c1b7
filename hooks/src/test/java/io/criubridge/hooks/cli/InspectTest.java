// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.criubridge.fixtures.Fixtures;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectTest {
  @TempDir private Path place;

  @Test
  void bareImages_areShownWithoutChecks() {
    CommandOutput ran = CommandOutput.of("inspect", Fixtures.images("4.2.1/menagerie").toString());
    assertThat(ran.exit()).isZero();
    assertThat(ran.out())
        .contains("bare images of CRIU", "menagerie: /tmp/", "0 written, 0 B; 0 deleted")
        .containsPattern("dgram .* 7570:8 7573:8 7574:8")
        .doesNotContain("\nchecks\n");
  }

  @Test
  void bareImages_asJson() {
    CommandOutput ran =
        CommandOutput.of("inspect", "--json", Fixtures.images("4.2.1/container").toString());
    JsonObject json = JsonParser.parseString(ran.out()).getAsJsonObject();
    assertThat(json.keySet())
        .containsExactly("checkpoint", "processes", "files", "mounts", "sockets", "memory");
    assertThat(json.getAsJsonObject("checkpoint").get("processes").getAsInt()).isEqualTo(3);
  }

  @Test
  void directoryThatIsNoCheckpoint_isNamed() {
    CommandOutput ran = CommandOutput.of("inspect", place.toString());
    assertThat(ran.exit()).isEqualTo(ExitCode.DATA);
    assertThat(ran.err()).contains("pstree.img");
  }
}
