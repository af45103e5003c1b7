// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criubridge.core.checkpoint.MountRecord.Handling;
import io.criubridge.core.checkpoint.MountRecord.Type;
import io.criubridge.core.sys.BytePath;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckpointManifestTest {

  private static final CheckpointManifest MANIFEST =
      new CheckpointManifest(
          "demo-1",
          Instant.parse("2026-01-02T03:04:05Z"),
          new Machine("x86_64", "6.1.0", "4.1.1", "0.1.0"),
          new ContainerRecord(
              "demo", 4242, "runc", Optional.of("busybox:1"), Optional.of("/var/up per")),
          List.of(BytePath.of("/tmp/cache")),
          List.of(
              new MountRecord(
                  BytePath.ofLatin1("/odd name\n\u00ff: #"),
                  Handling.EXTERNAL,
                  Type.FILE,
                  "ext4",
                  Optional.of("/odd"),
                  Optional.of("/srv/odd"),
                  Optional.empty(),
                  "lies on a file system of the host"),
              new MountRecord(
                  BytePath.of("/proc"),
                  Handling.NATIVE,
                  Type.DIRECTORY,
                  "proc",
                  Optional.empty(),
                  Optional.empty(),
                  Optional.empty(),
                  "CRIU mounts it anew")),
          List.of(new StreamRecord(List.of("stdout", "stderr"), "file[1b:2]", "/log", 02001, 7)),
          Optional.of(new NetworkRecord(4026532000L, "extNetNs")),
          List.of(new ProcessRecord(1, List.of(4242, 1), "sh -c 'x: y'")),
          List.of(new Artefact("rootfs-diff.tar", 10, "ab")));

  @Test
  void publishedManifest_isReadBackEqual(@TempDir Path directory) throws Exception {
    CheckpointLayout layout = new CheckpointLayout(directory);
    MANIFEST.publish(layout);
    assertThat(CheckpointManifest.read(layout)).isEqualTo(MANIFEST);
    assertThat(directory).isDirectoryNotContaining("glob:**.tmp");
  }

  @Test
  void missingManifest_isNamed(@TempDir Path directory) {
    assertThatThrownBy(() -> CheckpointManifest.read(new CheckpointLayout(directory)))
        .isInstanceOf(ManifestException.class)
        .hasMessageContaining("manifest.yaml: missing");
  }

  @Test
  void everyTruncation_isRefusedOrWhole() throws Exception {
    String text = MANIFEST.toYaml();
    for (int length = 0; length < text.stripTrailing().length(); length++) {
      String part = text.substring(0, length);
      try {
        assertThat(CheckpointManifest.ofYaml("m", part)).isNotEqualTo(MANIFEST);
      } catch (ManifestException e) {
        assertThat(e).hasMessageStartingWith("m");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "checkpointId: demo-1, checkpointId: ' ', checkpointId",
    "formatVersion: 1, formatVersion: 2, formatVersion",
    "name: rootfs-diff.tar, name: ../x, 'artefacts[0].name'",
    "handling: native, handling: magic, 'mounts[1].handling'",
    "'- pid: 1', '- pid: one', 'processes[0].pid'",
    "'createdAt: .*', 'createdAt: yesterday', createdAt",
  })
  void wrongValue_isNamedByItsPlace(String right, String wrong, String place) {
    String text = MANIFEST.toYaml().replaceFirst(right, wrong);
    assertThatThrownBy(() -> CheckpointManifest.ofYaml("m", text))
        .isInstanceOf(ManifestException.class)
        .hasMessageContaining(place);
  }
}
