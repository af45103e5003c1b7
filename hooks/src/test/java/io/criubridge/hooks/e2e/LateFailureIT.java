// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What fails when CRIU has done what it was asked: the checkpoint is kept, and the failure told.
 */
class LateFailureIT {

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

  /** The container is gone: nothing but the checkpoint is left of it. */
  @Test
  void checkpoint_isKeptWhateverFailsAfterIt() throws IOException {
    int pid = lab.startContainer("source");
    NetworkLock.before(
        lab,
        NetworkLock.LOCK,
        "(cd %s/rpc-*; mkdir busy; mount -t tmpfs none busy)".formatted(lab.path("run")));
    Lab.Result failed = bridge.checkpoint(pid);
    lab.run("sh", "-c", "umount %s/rpc-*/busy".formatted(lab.path("run"))).ok();
    assertThat(failed.exitCode()).isEqualTo(74);
    assertThat(failed.output())
        .contains("the checkpoint in " + bridge.images() + " is complete, but", "busy");
    assertThat(bridge.processesIn("source")).isEmpty();
    bridge.assertCheckpoint();
  }

  @Test
  void resultThatCannotBePrinted_isAFailureAndTheCheckpointKept() throws IOException {
    int pid = lab.startContainer("source");
    String command =
        BridgeCommand.PROGRAM
            + " checkpoint --pid "
            + pid
            + " -o "
            + bridge.images()
            + " >/dev/full";
    Lab.Result failed = lab.run("sh", "-c", command);
    assertThat(failed.exitCode()).isEqualTo(74);
    assertThat(failed.output()).contains("is complete, but the result could not be written");
    bridge.assertCheckpoint();
  }

  @Test
  void criusAnswerThatIsLost_isNoReasonToDiscardTheCheckpoint() throws IOException {
    int pid = lab.startContainer("source");
    NetworkLock.before(
        lab,
        NetworkLock.UNLOCK,
        "p=$$\nuntil [ \"$(cat /proc/$p/comm)\" = criu-swrk ]; do\n"
            + "p=$(sed 's/.*) . //; s/ .*//' /proc/$p/stat)\ndone\nkill -KILL $p");
    Lab.Result failed = bridge.checkpoint(pid, "--leave-running");
    assertThat(failed.exitCode()).isEqualTo(74);
    assertThat(failed.output()).contains("is complete, but CRIU failed");
    bridge.assertCheckpoint();
    new RestoredContainer(pid).awaitCounting();
    bridge.assertNoRun();
  }
}
