// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.criubridge.fixtures.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
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
  void failedDump_isNoBareImages_andItsReasonIsTold() throws IOException {
    Path images = copyOfImages();
    Files.writeString(
        images.resolve("bridge-status.json"),
        "{\"dump\": {\"result\": \"failed\", \"reason\": \"no room\", \"phases\": []}}");
    CommandOutput ran = CommandOutput.of("inspect", images.toString());
    assertThat(ran.exit()).isEqualTo(ExitCode.DATA);
    assertThat(ran.err()).contains(images + " is not a checkpoint, its dump failed: no room");
    assertThat(ran.out()).isEmpty();
  }

  @Test
  void listThatTheManifestDoesNotName_isNoPartOfTheCheckpoint() throws IOException {
    Path images = copyOfImages();
    Files.writeString(
        images.resolve("manifest.yaml"),
        Files.readString(Path.of("src/test/resources/exchange/manifest.yaml"))
            .replaceAll("(?s)  artefacts:.*", "  artefacts: []\n"));
    Files.writeString(images.resolve("deleted.files"), "[\"/etc/conf\"]");
    CommandOutput ran = CommandOutput.of("inspect", images.toString());
    assertThat(ran.exit()).isZero();
    assertThat(ran.out())
        .contains("0 written, 0 B; 0 deleted")
        .containsPattern("no stale-members.json +ok\n");
    Files.writeString(images.resolve("stale-members.json"), "[]");
    ran = CommandOutput.of("inspect", images.toString());
    assertThat(ran.exit()).isEqualTo(ExitCode.DIFFERENT);
    assertThat(ran.out()).contains("is no part of the checkpoint by its manifest; remove it");
  }

  private Path copyOfImages() throws IOException {
    Path images = Files.createDirectory(place.resolve("images"));
    try (Stream<Path> files = Files.list(Fixtures.images("4.2.1/container"))) {
      for (Path file : files.toList()) {
        Files.copy(file, images.resolve(file.getFileName()));
      }
    }
    return images;
  }

  @Test
  void directoryThatIsNoCheckpoint_isNamed() {
    CommandOutput ran = CommandOutput.of("inspect", place.toString());
    assertThat(ran.exit()).isEqualTo(ExitCode.DATA);
    assertThat(ran.err()).contains("pstree.img");
  }
}
