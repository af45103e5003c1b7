// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Dumps that fail: loud, explained, and without anything that looks like a checkpoint. */
class DumpFailureIT {

  /** Runs in network-lock: after pre-dump, when the tasks are frozen, before post-dump. */
  private static final String IN_NETWORK_LOCK =
      "[ \"$CRTOOLS_SCRIPT_ACTION\" = network-lock ] || exit 0\n"
          + "criu=${CRTOOLS_IMAGE_DIR#/proc/}; criu=${criu%%/*}\n"
          + "worker=$(pgrep -f 'worker.Main worker' | while read p; do"
          + " [ \"$(readlink /proc/$p/cwd)\" = \"$(echo $CRIU_BRIDGE_RUN_DIR/$criu-*)\" ]"
          + " && echo $p; done)\n";

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
  void fullDisk_failsTheDumpAndLeavesTheContainerRunning() throws IOException {
    int pid = lab.startContainer("source");
    RestoredContainer source = new RestoredContainer(pid);
    Files.write(source.file("/data/large"), new byte[24 << 20]);
    Path images = lab.smallImages("images", "16m");

    lab.dump(pid, images).failed();
    lab.awaitNoWorker();
    assertThat(Lab.text(images.resolve("bridge-status.json")))
        .contains("\"failed\"")
        .contains("No space left on device");
    assertNoCheckpoint(images);
    source.awaitCounting();
  }

  @Test
  void killedWorker_isReplacedByAnother() throws IOException {
    int pid = lab.startContainer("source");
    Path images = lab.images("images");
    Path kill = lab.script("kill-worker", IN_NETWORK_LOCK + "kill -KILL $worker\n");
    Lab.Result dump = lab.dump(pid, images, "--action-script", kill.toString()).ok();
    lab.awaitNoWorker();
    assertThat(dump.bridgeLines()).contains("checkpoint complete");
    assertThat(Lab.text(images.resolve("bridge-status.json")))
        .contains("pre-dump", "post-dump", "complete");

    lab.stopContainer("source");
    lab.restore(images, lab.freshRoot("target", "source")).ok();
    new RestoredContainer(lab.restoredPid()).assertComplete();
  }

  @Test
  void hungWorker_failsThePhaseAndIsKilled() throws IOException {
    int pid = lab.startContainer("source");
    Path images = lab.images("images");
    lab.configure("deadline: {post-dump: 1}\n");
    Path stop = lab.script("stop-worker", IN_NETWORK_LOCK + "kill -STOP $worker\n");
    Lab.Result dump = lab.dump(pid, images, "--action-script", stop.toString()).failed();
    lab.awaitNoWorker();
    assertThat(dump.bridgeLines()).contains("post-dump did not end within its deadline");
    assertThat(Lab.text(images.resolve("bridge-status.json"))).contains("deadline", "failed");
    assertNoCheckpoint(images);
    new RestoredContainer(pid).awaitCounting();
  }

  @Test
  void criuKilledInMidDump_workerCleansUpAndExits() throws IOException {
    int pid = lab.startContainer("source");
    Path images = lab.images("images");
    Path kill =
        lab.script(
            "kill-criu",
            IN_NETWORK_LOCK + "echo $worker >" + lab.path("worker.pid") + "; kill -KILL $criu\n");
    lab.dump(pid, images, "--action-script", kill.toString()).failed();
    lab.awaitNoWorker();
    Path worker = Path.of("/proc/" + Lab.text(lab.path("worker.pid")).strip());
    Lab.await("the worker exits", () -> !Files.exists(worker));
    assertThat(Lab.text(images.resolve("bridge-status.json")))
        .contains("CRIU ended before its dump was complete");
    assertNoCheckpoint(images);
  }

  @Test
  void criuFailingAfterPostDump_hasNoManifest() throws IOException {
    int pid = lab.startContainer("source");
    Path images = lab.images("images");
    Path fail = lab.script("fail", "[ \"$CRTOOLS_SCRIPT_ACTION\" != post-dump ] || exit 1\n");
    lab.dump(pid, images, "--action-script", fail.toString()).failed();
    lab.awaitNoWorker();
    assertThat(Lab.text(images.resolve("bridge-status.json"))).contains("CRIU failed after");
    assertNoCheckpoint(images);
    new RestoredContainer(pid).awaitCounting();
  }

  @Test
  void processThatIsNotOurs_isLeftAlone() throws IOException {
    Process sleep =
        new ProcessBuilder("setsid", "sleep", "1000")
            .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      Path images = lab.images("images");
      Path nodeWide = lab.script("node-wide", "exec $(dirname $0)/hook\n");
      Files.createSymbolicLink(lab.path("hook"), Lab.HOOK);
      Lab.Result dump =
          lab.criu(
                  "dump",
                  images,
                  "-t",
                  Long.toString(sleep.pid()),
                  "--leave-running",
                  "--action-script",
                  nodeWide.toString(),
                  "--libdir",
                  Lab.LIB_DIRECTORY.toString())
              .ok();
      assertThat(dump.bridgeLines()).doesNotContain("pre-dump", "post-dump");
      assertThat(images.resolve("bridge-status.json")).doesNotExist();
      assertThat(images.resolve("manifest.yaml")).doesNotExist();
      assertThat(lab.runDirectories()).isEmpty();
    } finally {
      sleep.destroyForcibly();
    }
  }

  @Test
  void actionScriptWithoutPlugin_saysWhatIsMissing() throws IOException {
    int pid = lab.startContainer("source");
    Path images = lab.images("images");
    Lab.Result dump =
        lab.criu(
                "dump", images, "-t", Integer.toString(pid), "--action-script", Lab.HOOK.toString())
            .failed();
    lab.awaitNoWorker();
    assertThat(dump.bridgeLines()).contains("no criu_bridge.so in", "--libdir");
    assertNoCheckpoint(images);
    new RestoredContainer(pid).awaitCounting();
  }

  @Test
  void pluginWithoutActionScript_saysSoAtDumpAndWorksAtRestore() throws IOException {
    int pid = lab.startContainer("source");
    Lab.Result bare =
        lab.criu(
                "dump",
                lab.images("bare"),
                "-t",
                Integer.toString(pid),
                "--libdir",
                Lab.LIB_DIRECTORY.toString())
            .failed();
    assertThat(bare.bridgeLines()).contains("--action-script");

    Path images = lab.images("images");
    lab.dump(pid, images).ok();
    lab.stopContainer("source");
    Path root = lab.freshRoot("target", "source");
    lab.criu("restore", images, "--root", root.toString(), "--libdir", Lab.LIB_DIRECTORY.toString())
        .ok();
    new RestoredContainer(lab.restoredPid()).assertComplete();
  }

  @Test
  void wrongSetting_isNamedByFileAndLine() throws IOException {
    int pid = lab.startContainer("source");
    lab.configure("# of this node\npolicy: minimal\ncontrol-directory: /x\n");
    Path images = lab.images("images");
    Lab.Result dump = lab.dump(pid, images).failed();
    lab.awaitNoWorker();
    assertThat(dump.bridgeLines())
        .contains(lab.path("config.yaml") + ":3: unknown key 'control-directory'");
    assertNoCheckpoint(images);
    new RestoredContainer(pid).awaitCounting();
  }

  @Test
  void newDumpIntoAnOldCheckpoint_thatFails_leavesNoManifest() throws IOException {
    int pid = lab.startContainer("source");
    Path images = lab.images("images");
    lab.dump(pid, images, "--leave-running").ok();
    lab.awaitNoWorker();
    assertThat(images.resolve("manifest.yaml")).exists();
    Path fail = lab.script("fail", "[ \"$CRTOOLS_SCRIPT_ACTION\" != network-lock ] || exit 1\n");
    lab.dump(pid, images, "--leave-running", "--action-script", fail.toString()).failed();
    lab.awaitNoWorker();
    assertNoCheckpoint(images);
  }

  @Test
  void workerLostBeforeAFailedDump_leavesNoCheckpoint() throws IOException {
    int pid = lab.startContainer("source");
    Path images = lab.images("images");
    Path lose =
        lab.script(
            "lose",
            "[ \"$CRTOOLS_SCRIPT_ACTION\" != post-dump ] || exit 1\n"
                + IN_NETWORK_LOCK
                + "kill -KILL $worker\n");
    lab.dump(pid, images, "--action-script", lose.toString()).failed();
    lab.awaitNoWorker();
    assertNoCheckpoint(images);
    new RestoredContainer(pid).awaitCounting();
  }

  private static void assertNoCheckpoint(Path images) throws IOException {
    try (Stream<Path> files = Files.list(images)) {
      List<String> names = files.map(file -> file.getFileName().toString()).toList();
      assertThat(names)
          .doesNotContain("manifest.yaml", "rootfs-diff.tar", "deleted-files.json", "deleted.files")
          .noneMatch(name -> name.endsWith(".tmp"));
    }
  }
}
