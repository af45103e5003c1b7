// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class CheckpointLayoutTest {

  private final CheckpointLayout layout = new CheckpointLayout(Path.of("/images"));

  @Test
  void filesOfADump_manifestFirst_soThatARemovalCutShortLeavesNoCheckpoint() {
    assertThat(layout.filesOfADump()).first().isEqualTo(layout.manifest());
  }

  @Test
  void filesOfADump_areAllButTheStatus() {
    assertThat(layout.filesOfADump())
        .doesNotHaveDuplicates()
        .contains(
            layout.rootfsDiff(),
            layout.deletedFiles(),
            layout.deletedFilesJson(),
            layout.opaqueDirectories(),
            layout.bindMounts())
        .doesNotContain(layout.status(), Path.of("/images/stats-dump"));
  }

  /** Other programs look for these names. */
  @Test
  void names_areThoseOfPodmanCrioAndTheSnapshotAgent() {
    assertThat(layout.manifest()).isEqualTo(Path.of("/images/manifest.yaml"));
    assertThat(layout.rootfsDiff()).isEqualTo(Path.of("/images/rootfs-diff.tar"));
    assertThat(layout.deletedFiles()).isEqualTo(Path.of("/images/deleted.files"));
    assertThat(layout.deletedFilesJson()).isEqualTo(Path.of("/images/deleted-files.json"));
    assertThat(layout.bindMounts()).isEqualTo(Path.of("/images/bind.mounts"));
    assertThat(layout.status()).isEqualTo(Path.of("/images/bridge-status.json"));
  }
}
