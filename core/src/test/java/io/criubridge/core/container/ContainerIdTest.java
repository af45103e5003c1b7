// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.criubridge.core.proc.ProcCgroup;
import io.criubridge.core.proc.RecordedProc;
import io.criubridge.core.sys.BytePath;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContainerIdTest {

  @ParameterizedTest
  @CsvSource({
    "demo, demo",
    "4f20, 4f20",
    "crio-4f20, 4f20",
    "crio-4f20.scope, 4f20",
    "cri-containerd-4f20.scope, 4f20",
    "docker-4f20.scope, 4f20",
    "libpod-4f20.scope, 4f20",
    "libpod-payload-4f20, 4f20",
    "runc-my-box.scope, my-box",
  })
  void fromCgroupName_takesWhatEnginesPutAroundItAway(String name, String id) {
    assertThat(ContainerId.fromCgroupName(name)).hasValue(new ContainerId(id));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "init.scope",
        "user-1.scope",
        "kubepods.slice",
        "sshd.service",
        "crio-conmon-4f20.scope",
        "libpod-conmon-4f20.scope",
        "a b",
        "docker-",
      })
  void fromCgroupName_noContainer_isEmpty(String name) {
    assertThat(ContainerId.fromCgroupName(name)).isEmpty();
  }

  @Test
  void candidates_crioContainer() throws IOException {
    BytePath cgroup =
        ProcCgroup.read(RecordedProc.of("crio-container"), 20116).selected().orElseThrow().path();
    assertThat(ContainerId.candidates(cgroup).get(0).value()).startsWith("4f207d53").hasSize(64);
  }

  @Test
  void candidates_processMovedBelow_innermostFirst() {
    assertThat(
            ContainerId.candidates(BytePath.of("/kubepods.slice/crio-4f20.scope/box/init.scope")))
        .containsExactly(new ContainerId("box"), new ContainerId("4f20"));
  }

  @Test
  void candidates_prefixMayBePartOfTheId() {
    assertThat(ContainerId.candidates(BytePath.of("/docker-mirror")))
        .containsExactly(new ContainerId("mirror"), new ContainerId("docker-mirror"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "a/b", "a b", "é", "a\n"})
  void new_notSafeAsFileName_isRefused(String value) {
    assertThatIllegalArgumentException().isThrownBy(() -> new ContainerId(value));
  }

  @ParameterizedTest
  @CsvSource({
    "containerd://4f20, 4f20",
    "cri-o://4f20, 4f20",
    "crio://4f20, 4f20",
    "docker://4f20, docker://4f20",
    "4f20, 4f20"
  })
  void stripScheme_leavesTheId(String reference, String id) {
    assertThat(ContainerId.stripScheme(reference)).isEqualTo(id);
  }
}
