// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several dumps into one directory, one after the other or at once; none costs another one's. */
class SharedDirectoryIT {

  /** Of the run that the script is called in. */
  private static final String STOP_WORKER =
      """
      [ "$CRTOOLS_SCRIPT_ACTION" = network-lock ] || exit 0
      criu=${CRTOOLS_IMAGE_DIR#/proc/}; criu=${criu%%/*}
      for p in $(pgrep -f 'worker.Main worker'); do
        if [ "$(readlink /proc/$p/cwd)" = "$(echo $CRIU_BRIDGE_RUN_DIR/$criu-*)" ]; then
          kill -STOP $p; echo $p >$CRIU_BRIDGE_RUN_DIR/../worker
        fi
      done
      exit 1
      """;

  private Lab lab;
  private Path images;

  @BeforeEach
  void openLab() throws IOException {
    lab = new Lab(Path.of("/opt/criu4/bin/criu"));
    images = lab.images("images");
  }

  @AfterEach
  void closeLab() {
    lab.close();
  }

  private void assertCheckpointOf(int pid) {
    assertThat(Lab.text(images.resolve("manifest.yaml"))).containsPattern("pid: " + pid + "\\b");
    lab.run(Lab.DIST.resolve("bin/criu-bridge").toString(), "verify", images.toString()).ok();
  }

  /** CRIU writes no image when pre-dump fails. */
  @Test
  void dumpThatIsRefused_leavesTheCheckpointThatIsThere() throws IOException {
    int pid = lab.startContainer("source");
    lab.dump(pid, images, "--leave-running").ok();
    lab.awaitNoWorker();
    Map<String, String> before = files();

    lab.environment("CRIU_BRIDGE_RUNTIME", "containerd");
    lab.environment("CRIU_BRIDGE_RUNTIME_SOCKET", lab.path("no-socket").toString());
    Lab.Result refused = lab.dump(pid, images, "--leave-running").failed();
    lab.awaitNoWorker();
    assertThat(refused.bridgeLines()).contains("no-socket");
    assertThat(files()).isEqualTo(before);
    assertCheckpointOf(pid);
  }

  @Test
  void workerOfAFailedDump_doesNotTakeWhatTheNextOneMakes() throws Exception {
    int pid = lab.startContainer("source");
    Path stop = lab.script("stop-worker", STOP_WORKER);
    lab.dump(pid, images, "--action-script", stop.toString()).failed();
    // While the next one waits for it.
    Path goOn =
        lab.script("go-on", "(sleep 2; kill -CONT $(cat %s)) &".formatted(lab.path("worker")));
    lab.run(goOn.toString()).ok();
    lab.dump(pid, images).ok();
    lab.awaitNoWorker();
    assertCheckpointOf(pid);
  }

  @Test
  void workerOfAFailedDumpThatHangs_keepsTheNextOneOut() throws IOException {
    int pid = lab.startContainer("source");
    Path stop = lab.script("stop-worker", STOP_WORKER);
    lab.dump(pid, images, "--action-script", stop.toString()).failed();
    Lab.Result refused = lab.dump(pid, images).failed();
    assertThat(refused.bridgeLines()).contains("another checkpoint is being made there");
    lab.run("sh", "-c", "kill -CONT $(cat %s)".formatted(lab.path("worker"))).ok();
    lab.awaitNoWorker();
    new RestoredContainer(pid).awaitCounting();
    lab.dump(pid, images).ok();
    lab.awaitNoWorker();
    assertCheckpointOf(pid);
  }

  @Test
  void dumpsAtOnce_areOneCheckpoint() throws Exception {
    int pid = lab.startContainer("source");
    int otherPid = lab.startContainer("other");
    Path wait =
        lab.script(
            "wait",
            """
            [ "$CRTOOLS_SCRIPT_ACTION" = network-lock ] || exit 0
            : >%1$s/waits; while [ ! -e %1$s/go ]; do sleep 0.02; done
            """
                .formatted(lab.path("")));
    CompletableFuture<Lab.Result> dump =
        CompletableFuture.supplyAsync(
            () -> lab.dump(pid, images, "--action-script", wait.toString()));
    try {
      Lab.await("CRIU waits", () -> Files.exists(lab.path("waits")));
      lab.dump(otherPid, images, "-o", "other.log").failed();
    } finally {
      Files.createFile(lab.path("go"));
    }
    assertThat(Lab.text(images.resolve("other.log"))).contains("another checkpoint is being made");
    dump.join().ok();
    lab.awaitNoWorker();
    assertCheckpointOf(pid);
    new RestoredContainer(otherPid).awaitCounting();
  }

  /** CRIU says that all is well, and the container is gone. */
  @Test
  void statisticsThatCannotBeWritten_doNotCostTheCheckpoint() throws IOException {
    int pid = lab.startContainer("source");
    Path work = lab.smallImages("work", "16m,nr_inodes=2");
    lab.dump(pid, images, "-W", work.toString()).ok();
    lab.awaitNoWorker();
    assertThat(work.resolve("stats-dump")).doesNotExist();
    assertThat(Lab.text(images.resolve("bridge-status.json"))).contains("\"complete\"");
    assertCheckpointOf(pid);
  }

  /** But for CRIU's log. */
  private Map<String, String> files() throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.list(images)) {
      for (Path file : all.toList()) {
        if (!file.toString().endsWith(".log")) {
          files.put(file.getFileName().toString(), lab.run("sha256sum", file.toString()).output());
        }
      }
    }
    return files;
  }
}
