// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
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
