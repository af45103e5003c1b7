// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.criubridge.core.checkpoint.CheckpointLayout;
import io.criubridge.core.checkpoint.CheckpointManifest;
import io.criubridge.core.checkpoint.MountRecord;
import io.criubridge.core.sys.BytePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** A checkpoint with another key for a mount is one that criu-bridge restores. */
class EditedCheckpointIT {
  private static final String COMMAND = Lab.DIST.resolve("bin/criu-bridge").toString();

  @Test
  void editedKey_isDeclaredAtRestore() throws IOException {
    try (Lab lab = new Lab(Path.of("/opt/criu4/bin/criu"))) {
      int pid = lab.startContainer("source");
      new RestoredContainer(pid).awaitCounting();
      Path images = lab.images("images");
      lab.dump(pid, images).ok();
      lab.awaitNoWorker();
      lab.stopContainer("source");

      Path edited = lab.path("edited");
      String change = "--mount-key=" + key(images) + "=elsewhere";
      lab.run(COMMAND, "images", "edit", images.toString(), "-o", edited.toString(), change).ok();
      assertThat(key(edited)).isEqualTo("elsewhere");
      Files.delete(images.resolve("inventory.img"));

      Path root = lab.freshRoot("target", "source");
      lab.restore(edited, root).ok();
      lab.awaitNoWorker();
      RestoredContainer target = new RestoredContainer(lab.restoredPid());
      target.assertComplete();
      target.awaitCounting();
    }
  }

  private static String key(Path directory) throws IOException {
    return CheckpointManifest.read(new CheckpointLayout(directory)).mounts().stream()
        .filter(mount -> mount.mountPoint().equals(BytePath.of("/late")))
        .map(MountRecord::key)
        .findFirst()
        .orElseThrow()
        .orElseThrow();
  }
}
