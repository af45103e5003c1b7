// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.dump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.criubridge.core.container.ContainerLookup;
import io.criubridge.core.container.ContainerLookup.Found;
import io.criubridge.core.container.ContainerLookup.NotFound;
import io.criubridge.core.container.RuntimeKind;
import io.criubridge.core.proc.ProcFs;
import io.criubridge.core.proc.ProcessIdentity;
import io.criubridge.fixtures.PrivateContainerd;
import io.criubridge.hooks.CriuCommandLine;
import io.criubridge.hooks.CriuRun;
import io.criubridge.hooks.PhaseFailure;
import io.criubridge.hooks.RunOfThisProcess;
import io.criubridge.hooks.config.ConfigurationReader;
import io.criubridge.hooks.phase.Phase.Operation;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A container of a real containerd that keeps its files in a place of its own. */
class ContainerFinderIT {
  private static final String ID =
      "4f207d53e54d3f8d52c43422dd3422f1221300a438719c5e5070fa29868fd3c9";

  @TempDir private Path temp;
  @TempDir private Path directory;
  private PrivateContainerd containerd;
  private RunOfThisProcess own;
  private ProcessIdentity init;

  @BeforeEach
  void startContainer() throws Exception {
    own = RunOfThisProcess.in(temp);
    containerd = PrivateContainerd.start(directory);
    containerd.run(ID);
    init = ProcessIdentity.of(ProcFs.HOST, containerd.pid(ID));
  }

  @AfterEach
  void stopContainer() throws IOException {
    containerd.close();
  }

  private CriuRun run(String runtime, Path socket) throws IOException {
    return run(runtime, socket, "connect=20,call=20");
  }

  private CriuRun run(String runtime, Path socket, String deadline) throws IOException {
    Map<String, String> environment = new HashMap<>();
    environment.put("CRIU_BRIDGE_CONFIG", temp.resolve("none").toString());
    environment.put("CRIU_BRIDGE_RUNTIME", runtime);
    environment.put("CRIU_BRIDGE_RUNTIME_SOCKET", socket.toString());
    environment.put("CRIU_BRIDGE_RUNTIME_DEADLINE", deadline);
    return new CriuRun(
        own.directory().criu(),
        Path.of("/proc/self/exe"),
        new CriuCommandLine(List.of()),
        own.images(),
        own.images(),
        own.directory(),
        ConfigurationReader.read(Operation.DUMP, Optional.empty(), environment),
        ProcFs.HOST);
  }

  private ContainerLookup find(String runtime) throws IOException {
    return new ContainerFinder().find(run(runtime, containerd.socket()), init, true);
  }

  private ContainerLookup impatient(String runtime) throws IOException {
    return new ContainerFinder()
        .find(run(runtime, containerd.socket(), "connect=1,call=20"), init, true);
  }

  @Test
  void find_nothingLocal_asksTheRuntimeThatTheControlGroupIsNamedFor() throws IOException {
    assertThat(find("auto"))
        .isInstanceOfSatisfying(
            Found.class,
            found -> {
              assertThat(found.id()).hasToString(ID);
              assertThat(found.kind()).isEqualTo(RuntimeKind.CONTAINERD);
            });
  }

  @Test
  void find_filesOnly_asksNobody() throws IOException {
    assertThat(find("files"))
        .isInstanceOfSatisfying(
            NotFound.class,
            none -> assertThat(none.tried()).noneMatch(reason -> reason.contains(".sock")));
  }

  @Test
  void find_namedRuntime_isAsked() throws IOException {
    assertThat(find("containerd")).isInstanceOf(Found.class);
    assertThat(find("crio"))
        .as("no pod of the Container Runtime Interface")
        .isInstanceOfSatisfying(
            NotFound.class,
            none ->
                assertThat(none.tried())
                    .anyMatch(reason -> reason.contains("ContainerStatus"))
                    .anyMatch(reason -> reason.contains("/run/runc/")));
  }

  @Test
  void find_runtimeThatDoesNotAnswer_failsOnlyWhereItIsNamed() throws IOException {
    containerd.signal("STOP");
    assertThatExceptionOfType(PhaseFailure.class)
        .isThrownBy(() -> impatient("containerd"))
        .withMessageContaining("does not speak HTTP/2 within 1 s; set runtime-socket")
        .satisfies(failure -> assertThat(failure.exitCode()).isEqualTo(PhaseFailure.UNAVAILABLE));
    assertThat(impatient("auto"))
        .isInstanceOfSatisfying(
            NotFound.class,
            none -> assertThat(none.tried()).anyMatch(reason -> reason.contains("HTTP/2")));
  }

  @Test
  void find_secondTime_asksNobody() throws IOException {
    ContainerFinder finder = new ContainerFinder();
    CriuRun run = run("containerd", containerd.socket());
    ContainerLookup first = finder.find(run, init, true);
    containerd.signal("STOP");
    assertThat(finder.find(run, init, true)).isSameAs(first).isInstanceOf(Found.class);
  }

  @Test
  void find_processThatIsNoContainer_dialsNothing() throws IOException {
    Path socket = temp.resolve("never.sock");
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));
      server.configureBlocking(false);
      ProcessIdentity plain = own.directory().criu();
      for (String runtime : new String[] {"auto", "files", "containerd", "crio"}) {
        assertThat(new ContainerFinder().find(run(runtime, socket), plain, false))
            .isInstanceOf(NotFound.class);
      }
      assertThat(new ContainerFinder().find(run("auto", socket), plain, true))
          .as("mounts of its own, but a control group that is no container's")
          .isInstanceOf(NotFound.class);
      assertThat(server.accept()).isNull();
    }
  }
}
