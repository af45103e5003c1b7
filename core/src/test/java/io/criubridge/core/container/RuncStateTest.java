// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.criubridge.core.proc.ProcFs;
import io.criubridge.core.proc.ProcessIdentity;
import io.criubridge.core.proc.RecordedProc;
import io.criubridge.fixtures.Fixtures;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class RuncStateTest {

  @Test
  void read_runcContainer() throws IOException {
    ProcFs container = RecordedProc.of("runc-container");
    int init = RecordedProc.only(container, p -> p.innermostPid() == 1).observedPid();
    RuncState state =
        RuncState.read(Fixtures.path("proc/runc-container/host/run/runc-record/demo/state.json"));
    assertThat(state.id()).isEqualTo("demo");
    assertThat(state.init()).isEqualTo(ProcessIdentity.of(container, init));
    assertThat(state.rootfs()).isEqualTo(Path.of("/tmp/criu-bridge-record/rootfs"));
    assertThat(state.bundle()).hasValue(Path.of("/tmp/criu-bridge-record"));
    assertThat(state.cgroupPaths())
        .containsEntry("memory", Path.of("/sys/fs/cgroup/memory/criu-bridge-record/demo"));
  }
}
