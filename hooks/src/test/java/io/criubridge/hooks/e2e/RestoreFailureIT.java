// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Restores that fail: before anything is started, naming what is wrong. */
class RestoreFailureIT {

  private Lab lab;

  @BeforeEach
  void openLab() throws IOException {
    lab = new Lab(Path.of("/opt/criu4/bin/criu"));
  }

  @AfterEach
  void closeLab() {
    lab.close();
  }

  @Test
  void directoryOfAFailedDump_isNotRestored() throws IOException {
    int pid = lab.startContainer("source");
    Files.write(new RestoredContainer(pid).file("/data/large"), new byte[24 << 20]);
    Path images = lab.smallImages("images", "16m");
    lab.dump(pid, images).failed();
    lab.awaitNoWorker();
    lab.stopContainer("source");

    Lab.Result restore = lab.restore(images, lab.freshRoot("target", "source")).failed();
    assertThat(restore.bridgeLines())
        .contains("is not a checkpoint, its dump failed")
        .contains("No space left on device");
  }

  @Test
  void missingBindSource_isNamedAndNothingIsStarted() throws IOException {
    int pid = lab.startContainer("source");
    Path images = lab.images("images");
    lab.dump(pid, images).ok();
    lab.stopContainer("source");
    lab.run("rm", "-r", lab.path("source/volume").toString(), lab.path("source/late").toString());

    Path root = lab.freshRoot("target", "source");
    Lab.Result restore = lab.restore(images, root).failed();
    lab.awaitNoWorker();
    assertThat(restore.bridgeLines())
        .contains("nothing was started")
        .contains("/volume", lab.path("source/volume").toString(), "CRIU_BRIDGE_MAP=/volume=")
        .contains("/late", lab.path("source/late").toString(), "CRIU_BRIDGE_MAP=/late=");
    assertThat(lab.path("restored.pid")).doesNotExist();
    assertThat(root.resolve("app/state")).hasContent("v1");
  }

  @Test
  void damagedDiff_isNamedBeforeAnythingIsStarted() throws IOException {
    int pid = lab.startContainer("source");
    Path images = lab.images("images");
    lab.dump(pid, images).ok();
    lab.awaitNoWorker();
    lab.stopContainer("source");
    byte[] diff = Files.readAllBytes(images.resolve("rootfs-diff.tar"));
    diff[diff.length / 2] ^= 1;
    Files.write(images.resolve("rootfs-diff.tar"), diff);

    Path root = lab.freshRoot("target", "source");
    Lab.Result restore = lab.restore(images, root).failed();
    assertThat(restore.bridgeLines()).contains("rootfs-diff.tar", "the checkpoint is damaged");
    assertThat(root.resolve("app/state")).hasContent("v1");
  }

  @Test
  void restoreWithoutPlugin_saysWhatIsMissing() throws IOException {
    int pid = lab.startContainer("source");
    Path images = lab.images("images");
    lab.dump(pid, images).ok();
    lab.stopContainer("source");
    Path root = lab.freshRoot("target", "source");
    Lab.Result restore =
        lab.criu(
                "restore",
                images,
                "--root",
                root.toString(),
                "--action-script",
                Lab.HOOK.toString())
            .failed();
    lab.awaitNoWorker();
    assertThat(restore.log()).contains("--libdir");
    assertThat(root.resolve("app/state")).hasContent("v1");
  }

  @Test
  void damagedStatusFile_doesNotStopARestore() throws IOException {
    int pid = lab.startContainer("source");
    Path images = lab.images("images");
    lab.dump(pid, images).ok();
    lab.awaitNoWorker();
    lab.stopContainer("source");
    Files.write(images.resolve("bridge-status.json"), new byte[0]);
    lab.restore(images, lab.freshRoot("target", "source")).ok();
    new RestoredContainer(lab.restoredPid()).assertComplete();
  }

  @Test
  void readOnlyImages_areRestoredFromAndLeaveNoWorker() throws IOException {
    int pid = lab.startContainer("source");
    Path images = lab.smallImages("images", "16m");
    lab.dump(pid, images).ok();
    lab.awaitNoWorker();
    lab.stopContainer("source");
    lab.run("mount", "-o", "remount,ro", images.toString()).ok();
    Path work = Files.createDirectory(lab.path("work"));
    lab.restore(images, lab.freshRoot("target", "source"), "-W", work.toString()).ok();
    lab.awaitNoWorker();
    new RestoredContainer(lab.restoredPid()).assertComplete();
  }

  @Test
  void manifestOfAnotherStreamFlags_isRefused() throws IOException {
    int pid = lab.startContainer("source");
    Path images = lab.images("images");
    lab.dump(pid, images).ok();
    lab.awaitNoWorker();
    lab.stopContainer("source");
    Path victim = Files.writeString(lab.path("victim"), "content");
    Path manifest = images.resolve("manifest.yaml");
    Files.writeString(
        manifest,
        Lab.text(manifest)
            .replaceFirst("path: .*/stdout", "path: " + victim)
            .replaceFirst("flags: [0-9]+", "flags: 513"));
    Lab.Result restore = lab.restore(images, lab.freshRoot("target", "source")).failed();
    assertThat(restore.bridgeLines()).contains("streams[0].flags");
    assertThat(victim).hasContent("content");
  }
}
