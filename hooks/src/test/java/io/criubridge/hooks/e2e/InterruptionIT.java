// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code criu-bridge checkpoint} and {@code restore}, and Ctrl-C. */
class InterruptionIT {

  private Lab lab;
  private BridgeCommand bridge;

  @BeforeEach
  void openLab() throws IOException {
    lab = new Lab(Path.of("/opt/criu4/bin/criu"));
    bridge = BridgeCommand.in(lab, "/opt/criu4/bin/criu");
  }

  @AfterEach
  void closeLab() {
    lab.close();
  }

  @Test
  void interruptedWhileFrozen_containerRunsOnAndNothingIsLeft() throws Exception {
    int pid = lab.startContainer("source");
    RestoredContainer source = new RestoredContainer(pid);
    source.awaitCounting();
    Interrupted command = Interrupted.start(lab, bridge.checkpointOf(pid));
    assertThat(Lab.text(Path.of("/proc/" + pid + "/stat"))).containsPattern("\\) [tT] ");
    assertThat(command.end()).isEqualTo(130);
    assertThat(command.output()).contains("giving up", "interrupted");
    assertThat(bridge.images()).doesNotExist();
    source.awaitCounting();
    assertThat(lab.run("nsenter", "-t", "" + pid, "-n", "iptables-save").ok().output())
        .doesNotContain("CRIU");
    bridge.assertNoRun();
    bridge.checkpoint(pid).ok();
  }

  /** It cannot be had to look up, and whether it works or hangs is not to be seen. */
  @Test
  void interruptedWhileCriuIsBusy_tellsWhyItIsWaitedFor() throws Exception {
    int pid = lab.startContainer("source");
    Interrupted command = Interrupted.start(lab, bridge.checkpointOf(pid));
    Lab.await("it is told", () -> command.output().contains("is busy"));
    assertThat(command.end()).isEqualTo(130);
    new RestoredContainer(pid).awaitCounting();
    bridge.assertNoRun();
  }

  @Test
  void interruptedBeforeCriuHasTouchedAnything_endsIt() throws Exception {
    int pid = lab.startContainer("source");
    Path hangs =
        lab.script(
            "criu",
            "[ \"$1\" = swrk ] || exec /opt/criu4/bin/criu \"$@\"\n"
                + "echo $$ >%1$s/hangs.new; mv %1$s/hangs.new %1$s/hangs; exec sleep 1000\n"
                    .formatted(lab.path("")));
    List<String> checkpoint = bridge.checkpointOf(pid, "--criu", hangs.toString());
    Commands.Started command = lab.start(checkpoint.toArray(String[]::new));
    Lab.await("CRIU hangs", () -> Files.exists(lab.path("hangs")));
    lab.run("kill", "-INT", Long.toString(command.process().pid())).ok();
    Lab.Result ended = command.end();
    assertThat(ended.exitCode()).as(ended.output()).isEqualTo(130);
    assertThat(ended.output()).contains("has touched nothing yet and was killed", "interrupted");
    assertThat(Path.of("/proc", Lab.text(lab.path("hangs")).strip())).doesNotExist();
    assertThat(bridge.images()).doesNotExist();
    bridge.assertNoRun();
    new RestoredContainer(pid).awaitCounting();
  }

  @Test
  void interruptedWhenTheCheckpointIsComplete_endsWell() throws Exception {
    int pid = lab.startContainer("source");
    Interrupted command =
        Interrupted.start(lab, NetworkLock.UNLOCK, bridge.checkpointOf(pid, "--leave-running"));
    assertThat(command.end()).as(command.output()).isZero();
    assertThat(command.output()).contains("too late", "checkpoint of 3 processes");
    bridge.assertCheckpoint();
    new RestoredContainer(pid).awaitCounting();
    bridge.assertNoRun();
  }

  @Test
  void interruptedRestore_leavesNoProcess() throws Exception {
    int pid = lab.startContainer("source");
    bridge.checkpoint(pid).ok();
    lab.stopContainer("source");
    Path root = lab.freshRoot("target", "source");
    Interrupted command =
        Interrupted.start(
            lab,
            List.of(
                BridgeCommand.PROGRAM,
                "restore",
                bridge.images().toString(),
                "--root",
                root.toString()));
    assertThat(command.end()).isEqualTo(130);
    assertThat(command.output()).contains("interrupted");
    assertThat(Lab.text(bridge.images().resolve("bridge-status.json"))).contains("\"failed\"");
    bridge.assertNoRun();
    assertThat(bridge.processesIn("source")).isEmpty();

    BridgeCommand.json(
        bridge.run("restore", bridge.images().toString(), "--root", root.toString(), "--json"));
  }
}
