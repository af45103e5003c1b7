// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RuntimeTypeTest {

  @Test
  void of_bothTypes_haveTheirUsualSockets() {
    assertThat(RuntimeType.of("containerd").defaultSocket())
        .isEqualTo(Path.of("/run/containerd/containerd.sock"));
    assertThat(RuntimeType.of("crio").defaultSocket())
        .isEqualTo(Path.of("/var/run/crio/crio.sock"));
  }

  @Test
  void of_unknownType_namesThoseThereAre() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RuntimeType.of("docker"))
        .withMessage("no runtime type 'docker'; there are: containerd, crio");
  }

  @Test
  void podContainer_withoutAName_isRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new PodContainer("", "shop", "main"));
    assertThatIllegalArgumentException().isThrownBy(() -> new PodContainer("web", "", "main"));
    assertThatIllegalArgumentException().isThrownBy(() -> new PodContainer("web", "shop", ""));
  }

  @Test
  void rpcDeadlines_thatHavePassedAlready_areRefused() {
    Duration second = Duration.ofSeconds(1);
    assertThatIllegalArgumentException().isThrownBy(() -> new RpcDeadlines(Duration.ZERO, second));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RpcDeadlines(second, Duration.ofMillis(-1)));
  }
}
