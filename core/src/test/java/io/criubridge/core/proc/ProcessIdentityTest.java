// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.proc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class ProcessIdentityTest {
  private final ProcFs container = RecordedProc.of("runc-container");

  @Test
  void isAlive_sameProcess() throws IOException {
    int pid = container.pids().get(0);
    ProcessIdentity identity = ProcessIdentity.of(container, pid);
    assertThat(identity.isAlive(container)).isTrue();
  }

  @Test
  void isAlive_pidUsedAgain_isFalse() throws IOException {
    ProcessIdentity now = ProcessIdentity.of(container, container.pids().get(0));
    ProcessIdentity before = new ProcessIdentity(now.pid(), now.startTimeTicks() - 1);
    assertThat(before.isAlive(container)).isFalse();
  }

  @Test
  void isAlive_goneOrZombie_isFalse() throws IOException {
    ProcFs states = RecordedProc.of("process-states");
    for (ProcessDetails process : ProcessTable.readAll(states).processes()) {
      ProcessIdentity identity = ProcessIdentity.of(states, process.observedPid());
      assertThat(identity.isAlive(states)).isEqualTo(process.state() != 'Z');
      assertThat(identity.isAlive(container)).isFalse();
    }
  }
}
