// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.criubridge.hooks.launcher.NativePrograms.Result;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which runs of CRIU are ours. */
@Tag("root")
@Timeout(120)
final class ParticipationIT {
  @TempDir static Path shared;
  private static NativePrograms programs;

  @TempDir Path directory;
  private LauncherRun run;

  @BeforeAll
  static void build() throws Exception {
    programs = NativePrograms.build(shared.resolve("dist"));
  }

  @BeforeEach
  void begin() throws Exception {
    run = new LauncherRun(programs, directory);
  }

  @AfterEach
  void end() throws Exception {
    run.close();
  }

  @ParameterizedTest
  @CsvSource({
    "pre-dump, never, false, false",
    "pre-dump, auto, false, false",
    "pre-dump, auto, true, true",
    "pre-dump, containers, false, false",
    "pre-dump, containers, true, false",
    "pre-dump, always, false, true",
    "pre-restore, never, true, false",
    "pre-restore, auto, false, false",
    "pre-restore, auto, true, true",
    "plan-restore, containers, true, false",
    "plan-restore, always, false, true",
  })
  void participation_byWordAndCommandLine(String phase, String word, boolean told, boolean ours)
      throws Exception {
    if (told) {
      run.replaceCriu("--action-script", "/opt/x/criu-bridge-hook");
    }
    run.environment.put("CRTOOLS_INIT_PID", String.valueOf(run.criuPid()));
    run.environment.put("CRIU_BRIDGE_PARTICIPATION", word);
    assertParticipation(phase, ours);
  }

  private void assertParticipation(String phase, boolean ours) throws Exception {
    Result result = run.phase(phase);
    assertThat(result.exitCode()).isZero();
    assertThat(result.output().contains("done")).isEqualTo(ours);
    assertThat(Files.exists(run.base(), LinkOption.NOFOLLOW_LINKS)).isEqualTo(ours);
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "containers"})
  void participation_dumpOfAnotherMountNamespace_isOurs(String word) throws Exception {
    Process container = run.start("unshare", "-m", "sh", "-c", "echo r; exec sleep 600");
    run.environment.put("CRTOOLS_INIT_PID", String.valueOf(container.pid()));
    run.environment.put("CRIU_BRIDGE_PARTICIPATION", word);
    assertParticipation("pre-dump", true);
  }

  @ParameterizedTest
  @ValueSource(strings = {"pre-restore", "plan-restore"})
  void participation_restoreOfImagesWithOurStatus_isOurs(String phase) throws Exception {
    Files.createFile(run.images.resolve("bridge-status.json"));
    run.environment.put("CRIU_BRIDGE_PARTICIPATION", "containers");
    assertParticipation(phase, true);
  }

  @ParameterizedTest
  @CsvSource({
    "criuBridge:, true",
    "criuBridge: {formatVersion: 1}, true",
    "'a: 1\ncriuBridge:\n  b: 2\n', true",
    "'', false",
    "criuBridge, false",
    "'a: 1\n criuBridge: x\n', false",
    "'a: criuBridge:\n', false",
    "criuBridges:, false",
    "criucriuBridge:, false",
  })
  void participation_restoreOfImagesWithAManifest_isOursByItsKey(String manifest, boolean ours)
      throws Exception {
    Files.writeString(run.images.resolve("manifest.yaml"), manifest);
    run.environment.put("CRIU_BRIDGE_PARTICIPATION", "containers");
    assertParticipation("pre-restore", ours);
  }

  @ParameterizedTest
  @CsvSource({"63, true", "64, false"})
  void participation_restoreOfImagesWithALargeManifest_isOursByItsKey(int mebibytes, boolean ours)
      throws Exception {
    try (OutputStream manifest = Files.newOutputStream(run.images.resolve("manifest.yaml"))) {
      byte[] mebibyte = "# fifteen bytes\n".repeat(1 << 16).getBytes(UTF_8);
      for (int i = 0; i < mebibytes; i++) {
        manifest.write(mebibyte);
      }
      manifest.write("criuBridge:\n".getBytes(UTF_8));
    }
    run.environment.put("CRIU_BRIDGE_PARTICIPATION", "containers");
    assertParticipation("pre-restore", ours);
  }

  @Test
  void participation_restoreOfImagesWhoseManifestIsAFifo_isNotOurs() throws Exception {
    String manifest = run.images.resolve("manifest.yaml").toString();
    NativePrograms.mustSucceed(NativePrograms.run(Map.of(), List.of("mkfifo", manifest)));
    run.environment.put("CRIU_BRIDGE_PARTICIPATION", "containers");
    assertParticipation("pre-restore", false);
  }

  @ParameterizedTest
  @CsvSource({
    "participation: never, false",
    "participation: always, true",
    "participation: \"always\" # here, true",
    "'  participation: always', false",
    "other: always, false",
  })
  void participation_fromConfiguration(String line, boolean ours) throws Exception {
    run.environment.remove("CRIU_BRIDGE_PARTICIPATION");
    NativePrograms.write(directory.resolve("config.yaml"), "deadline: 3", line, "x: y");
    assertParticipation("pre-restore", ours);
  }

  @Test
  void participation_unknownWord_stopsCriu() throws Exception {
    run.environment.put("CRIU_BRIDGE_PARTICIPATION", "sometimes");
    Result result = run.phase("pre-dump");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.output()).contains("participation is \"sometimes\"; set it to auto");
    assertThat(run.base()).doesNotExist();
  }

  @Test
  void participation_unreadableConfiguration_stopsCriu() throws Exception {
    run.environment.remove("CRIU_BRIDGE_PARTICIPATION");
    Files.createDirectory(directory.resolve("config.yaml"));
    Result result = run.phase("pre-dump");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.output()).contains("cannot read").contains("Is a directory");
  }
}
