// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.criubridge.core.container.ContainerdRuntime;
import io.criubridge.core.container.RpcDeadlines;
import io.criubridge.core.container.RuntimeType;
import io.criubridge.hooks.config.RuntimeSettings;
import io.criubridge.hooks.config.RuntimeSettings.Source;
import io.criubridge.hooks.doctor.NodeFacts.ContainerRuntime;
import io.criubridge.hooks.doctor.NodeFacts.ContainerRuntime.Reach;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FactsReaderTest {
  @TempDir Path directory;

  private static Optional<RuntimeSettings> settings(Source source, Path socket) {
    return Optional.of(
        new RuntimeSettings(
            source, Optional.of(socket), ContainerdRuntime.KUBERNETES, RpcDeadlines.DEFAULT));
  }

  @Test
  void runtime_isLookedForAtTheSocketOfTheSettings() throws IOException {
    Path socket = directory.resolve("socket");
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));
      ContainerRuntime found = FactsReader.daemon(RuntimeType.CRIO, settings(Source.AUTO, socket));
      assertThat(found.place()).isEqualTo(socket);
      assertThat(found.reach()).isEqualTo(Reach.REACHABLE);
    }
  }

  @Test
  void socketOfTheSettings_isOfTheRuntimeNamed() {
    Path socket = directory.resolve("socket");
    assertThat(FactsReader.daemon(RuntimeType.CRIO, settings(Source.CONTAINERD, socket)).place())
        .isEqualTo(RuntimeType.CRIO.defaultSocket());
    assertThat(
            FactsReader.daemon(RuntimeType.CONTAINERD, settings(Source.CONTAINERD, socket)).place())
        .isEqualTo(socket);
  }

  @Test
  void socketOfTheSettings_thatIsNotThere_isNotAnAbsentRuntime() {
    ContainerRuntime found =
        FactsReader.daemon(
            RuntimeType.CONTAINERD, settings(Source.AUTO, directory.resolve("nobody")));
    assertThat(found.reach()).isEqualTo(Reach.UNREACHABLE);
    assertThat(found.detail()).contains("runtime-socket");
  }

  @Test
  void withoutSettings_theUsualSocketIsLookedAt() {
    assertThat(FactsReader.daemon(RuntimeType.CONTAINERD, Optional.empty()).place())
        .isEqualTo(RuntimeType.CONTAINERD.defaultSocket());
  }
}
