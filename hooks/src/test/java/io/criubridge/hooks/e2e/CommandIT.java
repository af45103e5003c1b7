// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code criu-bridge checkpoint} and {@code restore}, which drive CRIU over its RPC. */
class CommandIT {
  private static final String CRIU = "/opt/criu4/bin/criu";

  private Lab lab;
  private BridgeCommand bridge;

  @BeforeEach
  void openLab() throws IOException {
    lab = new Lab(Path.of(CRIU));
    bridge = BridgeCommand.in(lab, CRIU);
  }

  @AfterEach
  void closeLab() {
    lab.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/opt/criu4/bin/criu", "/opt/criu4.2/bin/criu"})
  void checkpointAndRestore_carryFilesMountsAndPids(String criu) throws IOException {
    int pid = lab.startContainer("source");
    new RestoredContainer(pid).awaitCounting();

    JsonObject made = BridgeCommand.json(bridge.checkpoint(pid, "--criu", criu, "--json"));
    assertThat(made.get("processes").getAsInt()).isEqualTo(3);
    assertThat(made.get("running").getAsBoolean()).isFalse();
    assertThat(made.get("frozenMilliseconds").getAsDouble()).isPositive();
    assertThat(bridge.processesIn("source")).isEmpty();
    long counted = Long.parseLong(Lab.text(lab.path("source/upper/data/count")).strip());
    bridge.assertCheckpoint();
    lab.stopContainer("source");

    Path root = lab.freshRoot("target", "source");
    JsonObject restored =
        BridgeCommand.json(
            bridge.run(
                "restore",
                bridge.images().toString(),
                "--root",
                root.toString(),
                "--criu",
                criu,
                "--json"));
    RestoredContainer target = new RestoredContainer(restored.get("pid").getAsInt());
    target.assertComplete();
    assertThat(target.counter()).isGreaterThanOrEqualTo(counted);
    target.awaitCounting();
    assertThat(bridge.run("pids", bridge.images().toString()).ok().output())
        .contains(" " + target.pid() + " ")
        .doesNotContain("gone");
    bridge.assertNoRun();
  }

  @Test
  void restore_mapsMountsAndStreams() throws IOException {
    int pid = lab.startContainer("source");
    bridge.checkpoint(pid).ok();
    lab.stopContainer("source");
    Path elsewhere = Files.createDirectory(lab.path("else,where\\"));
    Files.writeString(elsewhere.resolve("file"), "elsewhere");
    Files.createFile(lab.path("new-stdout"));
    Path root = lab.freshRoot("target", "source");
    JsonObject restored =
        BridgeCommand.json(
            bridge.run(
                "restore",
                bridge.images().toString(),
                "--root=" + root,
                "--map=/volume=" + elsewhere,
                "--map=stdout=" + lab.path("new-stdout"),
                "--json"));
    RestoredContainer target = new RestoredContainer(restored.get("pid").getAsInt());
    assertThat(target.file("/volume/file")).hasContent("elsewhere");
    assertThat(Files.readSymbolicLink(Path.of("/proc/" + target.pid() + "/fd/1")))
        .isEqualTo(lab.path("new-stdout"));
  }

  /** Which somebody reads, or it could not be opened. */
  @Test
  void streamThatIsMappedToAFifo_isRefused() throws IOException {
    int pid = lab.startContainer("source");
    bridge.checkpoint(pid).ok();
    lab.stopContainer("source");
    Path fifo = lab.path("fifo");
    lab.run("mkfifo", fifo.toString()).ok();
    String restore =
        "exec 9<>%1$s; %2$s restore %3$s --root=%4$s --map=stdout=%1$s"
            .formatted(
                fifo, BridgeCommand.PROGRAM, bridge.images(), lab.freshRoot("target", "source"));
    Lab.Result failed = lab.run("sh", "-c", restore);
    assertThat(failed.exitCode()).isEqualTo(71);
    assertThat(failed.output())
        .containsPattern("fifo: is neither a regular file nor a character device\n");
  }

  @Test
  void leaveRunning_containerGoesOn() throws IOException {
    int pid = lab.startContainer("source");
    String said = bridge.checkpoint(pid, "--leave-running", "-v").ok().output();
    assertThat(said)
        .contains("/late: lies on a file system", "pre-dump ", "post-dump ")
        .contains("checkpoint of 3 processes in " + bridge.images());
    new RestoredContainer(pid).awaitCounting();
    bridge.assertCheckpoint();
  }

  @Test
  void directoryWithACheckpoint_isRefused() throws IOException {
    int pid = lab.startContainer("source");
    bridge.checkpoint(pid, "--leave-running").ok();
    Lab.Result second = bridge.checkpoint(pid, "--leave-running");
    assertThat(second.exitCode()).isEqualTo(78);
    assertThat(second.output()).contains("is not empty");
    bridge.assertCheckpoint();
  }

  @Test
  void directoryInWhichACheckpointIsBeingMade_isRefused() throws IOException {
    int pid = lab.startContainer("source");
    String second = String.join(" ", bridge.checkpointOf(pid));
    NetworkLock.before(
        lab,
        NetworkLock.LOCK,
        "%s >%2$s/second 2>&1; echo \"exit $?\" >>%2$s/second".formatted(second, lab.path("")));
    bridge.checkpoint(pid).ok();
    assertThat(lab.path("second")).content().contains("another checkpoint", "exit 78");
    bridge.assertCheckpoint();
  }

  @Test
  void criusOwnError_isTold() throws IOException {
    Process sleep =
        new ProcessBuilder("sleep", "1000")
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
            .start();
    try {
      Lab.Result failed = bridge.checkpoint((int) sleep.pid());
      assertThat(failed.exitCode()).isEqualTo(71);
      assertThat(failed.output()).contains("CRIU failed: ", "session leader");
      assertThat(bridge.images().toFile().list())
          .containsExactlyInAnyOrder("dump.log", "bridge-status.json");
      assertThat(sleep.isAlive()).isTrue();
    } finally {
      sleep.destroyForcibly();
    }
  }

  @Test
  void criusErrorBeforeItHasALog_isTold() throws IOException {
    int pid = lab.startContainer("source");
    Lab.Result failed = bridge.checkpoint(pid, "--", "--no-such-option");
    assertThat(failed.exitCode()).isEqualTo(71);
    assertThat(failed.output()).contains("no-such-option");
    new RestoredContainer(pid).awaitCounting();
  }

  @Test
  void failingPhase_leavesTheContainerRunningAndNoImages() throws IOException {
    int pid = lab.startContainer("source");
    RestoredContainer source = new RestoredContainer(pid);
    Files.write(source.file("/data/large"), new byte[24 << 20]);
    lab.smallImages("images", "16m");
    Lab.Result failed = bridge.checkpoint(pid);
    assertThat(failed.exitCode()).isNotZero();
    assertThat(failed.output()).contains("write the archive: ENOSPC (No space left on device)");
    assertThat(bridge.images().toFile().list())
        .containsExactlyInAnyOrder("dump.log", "bridge-status.json");
    source.awaitCounting();
    bridge.assertNoRun();
  }

  @Test
  void errorsOfAnEarlierRun_areNotThisOnes() throws IOException {
    int pid = lab.startContainer("source");
    bridge.checkpoint(pid).ok();
    lab.stopContainer("source");
    Path log = bridge.images().resolve("restore.log");
    Files.writeString(log, "(00.000001) Error (criu/mount.c:1): of long ago\n");
    Lab.Result failed =
        bridge.run(
            "restore",
            bridge.images().toString(),
            "--root=" + lab.freshRoot("target", "source"),
            "--",
            "--no-such-option");
    assertThat(failed.exitCode()).isEqualTo(71);
    assertThat(failed.output()).contains("no-such-option").doesNotContain("of long ago");
  }

  /** What is gone, and what the container could have put in its place from a volume. */
  @ParameterizedTest
  @CsvSource({
    "mv source/volume moved, '/volume (a directory, was '",
    "mv source/volume moved; ln -s ../moved source/volume, 'which a symbolic link leads to '",
    "rm source/stdout; mknod source/stdout c 1 3, 'stdout (a file, was '",
    "mv source/stdout moved; ln -s ../moved source/stdout, 'which a symbolic link leads to '"
  })
  void sourceThatIsNotWhatItWas_isNamedBeforeAnythingStarts(String change, String told)
      throws IOException {
    int pid = lab.startContainer("source");
    bridge.checkpoint(pid).ok();
    lab.stopContainer("source");
    Path root = lab.freshRoot("target", "source");
    lab.run("sh", "-c", "cd '%s'; %s".formatted(lab.path(""), change)).ok();
    Lab.Result failed =
        bridge.run("restore", bridge.images().toString(), "--root", root.toString());
    assertThat(failed.exitCode()).isEqualTo(78);
    assertThat(failed.output()).contains("nothing was started", told);
    assertThat(lab.path("target/upper").toFile().list()).isEmpty();
  }
}
