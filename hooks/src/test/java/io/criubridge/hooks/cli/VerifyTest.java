// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.criubridge.core.checkpoint.Artefact;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifyTest {

  @TempDir private Path checkpoint;
  private Artefact list;

  @BeforeEach
  void makeCheckpoint() throws IOException {
    byte[] content = "[]".getBytes(StandardCharsets.UTF_8);
    list = Artefact.publish(checkpoint, "deleted.files", content);
    Files.writeString(
        checkpoint.resolve("manifest.yaml"),
        Files.readString(Path.of("src/test/resources/exchange/manifest.yaml"))
            .replace("0".repeat(64), list.sha256()));
  }

  @Test
  void wholeCheckpoint_isPrinted() {
    CommandOutput ran = CommandOutput.of("verify", checkpoint.toString());
    assertThat(ran.exit()).isZero();
    assertThat(ran.lines().get(0)).matches("deleted.files +2 bytes  ok");
    assertThat(ran.lines().get(1))
        .isEqualTo(
            "demo: whole; made 2026-01-02T03:04:05Z by CRIU 4.1.1 on x86_64, 0 processes, 0 mounts");
  }

  @Test
  void wholeCheckpoint_asJson() {
    CommandOutput ran = CommandOutput.of("verify", "--json", checkpoint.toString());
    assertThat(ran.exit()).isZero();
    JsonObject json = JsonParser.parseString(ran.out()).getAsJsonObject();
    assertThat(json.get("checkpoint").getAsString()).isEqualTo("demo");
    assertThat(json.get("frozenNanos").isJsonNull()).isTrue();
    JsonObject artefact = json.getAsJsonArray("artefacts").get(0).getAsJsonObject();
    assertThat(artefact.get("sha256").getAsString()).isEqualTo(list.sha256());
    assertThat(artefact.get("bytes").getAsLong()).isEqualTo(2);
  }

  @Test
  void damagedCheckpoint_isNoJson() throws IOException {
    Files.writeString(checkpoint.resolve("deleted.files"), "{}");
    CommandOutput ran = CommandOutput.of("verify", "--json", checkpoint.toString());
    assertThat(ran.exit()).isEqualTo(ExitCode.DATA);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err()).contains("the checkpoint is damaged");
  }
}
