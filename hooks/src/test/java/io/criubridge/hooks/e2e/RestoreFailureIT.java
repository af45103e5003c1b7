// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
    Path images = lab.images("images");
    Path fail = lab.script("fail", "[ \"$CRTOOLS_SCRIPT_ACTION\" != post-dump ] || exit 1\n");
    lab.dump(pid, images, "--action-script", fail.toString()).failed();
    lab.awaitNoWorker();
    lab.stopContainer("source");

    Lab.Result restore = lab.restore(images, lab.freshRoot("target", "source")).failed();
    assertThat(restore.bridgeLines())
        .contains("is not a checkpoint, its dump failed")
        .contains("CRIU failed after post-dump");
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

  /** As a container can that still runs, or another that has the volume. */
  @Test
  void linkPutOnTheWayToAMountAfterThePlan_endsTheRestoreBeforeATaskRuns() throws IOException {
    int pid = lab.startContainer("source");
    Files.createDirectories(lab.path("source/volume/app/log"));
    Files.createDirectories(lab.path("secret/log"));
    Files.createDirectory(new RestoredContainer(pid).file("/log"));
    lab.run(
            lab.path("tools/late-mount").toString(),
            Integer.toString(pid),
            lab.path("source/volume/app/log").toString(),
            "/log")
        .ok();
    Path images = lab.images("images");
    lab.dump(pid, images).ok();
    lab.awaitNoWorker();
    lab.stopContainer("source");
    Path swap =
        lab.script(
            "swap",
            "[ \"$CRTOOLS_SCRIPT_ACTION\" = pre-restore ] || exit 0\ncd '%s'\nmv app old\nln -s '%s' app\n"
                .formatted(lab.path("source/volume"), lab.path("secret")));
    Path root = lab.freshRoot("target", "source");
    Lab.Result restore = lab.restore(images, root, "--action-script", swap.toString()).failed();
    lab.awaitNoWorker();
    assertThat(restore.bridgeLines())
        .contains("/log: CRIU has mounted " + lab.path("secret/log") + " there, not ");
    assertThat(Lab.text(images.resolve("bridge-status.json"))).contains("\"failed\"");
    assertThat(BridgeCommand.in(lab, "/opt/criu4/bin/criu").processesIn("source")).isEmpty();
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

  @Test
  void killedWorker_isReplacedByColdPhases() throws IOException {
    lab.configure("control-dir: /data\n");
    int pid = lab.startContainer("source");
    Path images = lab.images("images");
    lab.dump(pid, images).ok();
    lab.awaitNoWorker();
    lab.stopContainer("source");
    Path kill =
        lab.script(
            "kill-worker",
            "[ \"$CRTOOLS_SCRIPT_ACTION\" = setup-namespaces ] || exit 0\n"
                + "pgrep -f 'worker.Main worker' | while read p; do\n"
                + "  case $(readlink /proc/$p/cwd) in $CRIU_BRIDGE_RUN_DIR/*) kill -KILL $p ;; esac\n"
                + "done\n");
    Lab.Result restore =
        lab.restore(images, lab.freshRoot("target", "source"), "--action-script", kill.toString())
            .ok();
    lab.awaitNoWorker();
    assertThat(restore.bridgeLines()).contains("the worker of this run is gone");
    RestoredContainer target = new RestoredContainer(lab.restoredPid());
    target.assertComplete();
    assertThat(target.file("/data/restore-complete")).hasContent("done");
    assertThat(images.resolve("pids.json")).isNotEmptyFile();
    assertThat(Lab.text(images.resolve("bridge-status.json")))
        .contains("plan-restore", "pre-restore", "post-restore", "post-resume");
  }

  @Test
  void manifestThatCouldNotBeWithdrawn_isNoCheckpoint() throws IOException {
    int pid = lab.startContainer("source");
    Path images = lab.images("images");
    lab.dump(pid, images).ok();
    lab.awaitNoWorker();
    lab.stopContainer("source");
    Path status = images.resolve("bridge-status.json");
    Files.writeString(
        status,
        Lab.text(status).replaceFirst("\"complete\"", "\"failed\", \"reason\": \"CRIU failed\""));
    Lab.Result restore = lab.restore(images, lab.freshRoot("target", "source")).failed();
    assertThat(restore.bridgeLines()).contains("its dump failed: CRIU failed");
    lab.run(Lab.DIST.resolve("bin/criu-bridge").toString(), "verify", images.toString()).failed();
  }

  @ParameterizedTest
  @CsvSource({
    "architecture: .*, architecture: sparc, the checkpoint is of sparc",
    "criu: .*, criu: '99.1', which may not read its images"
  })
  void checkpointOfAnotherMachine_isRefused(String there, String other, String message)
      throws IOException {
    int pid = lab.startContainer("source");
    Path images = lab.images("images");
    lab.dump(pid, images).ok();
    lab.awaitNoWorker();
    lab.stopContainer("source");
    Path manifest = images.resolve("manifest.yaml");
    Files.writeString(manifest, Lab.text(manifest).replaceFirst(there, other));
    Path root = lab.freshRoot("target", "source");
    assertThat(lab.restore(images, root).failed().bridgeLines()).contains(message);
    assertThat(root.resolve("app/state")).hasContent("v1");
  }
}
