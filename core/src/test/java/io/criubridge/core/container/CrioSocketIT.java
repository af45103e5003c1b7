// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.criubridge.core.container.cri.Container;
import io.criubridge.core.container.cri.ContainerState;
import io.criubridge.core.container.cri.ListContainersRequest;
import io.criubridge.core.proc.ProcFs;
import io.criubridge.core.proc.ProcessIdentity;
import io.grpc.Metadata;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * A CRI-O that is there already, its socket named by {@code CRIO_SOCKET}; without the variable
 * there are no tests. It is only asked.
 */
class CrioSocketIT {

  @TestFactory
  List<DynamicTest> runningContainersOfCrio() throws IOException {
    String socket = System.getenv().getOrDefault("CRIO_SOCKET", "");
    List<DynamicTest> tests = new ArrayList<>();
    if (!socket.isEmpty()) {
      Path path = Path.of(socket);
      tests.add(DynamicTest.dynamicTest("unknown id", () -> assertUnknown(path)));
      for (String id : running(path)) {
        tests.add(DynamicTest.dynamicTest(id, () -> assertResolved(path, id)));
      }
      tests.add(DynamicTest.dynamicTest("some run", () -> assertThat(running(path)).isNotEmpty()));
    }
    return tests;
  }

  private static List<String> running(Path socket) throws IOException {
    try (UnixGrpcChannel channel =
        UnixGrpcChannel.open(socket, RpcDeadlines.DEFAULT, new Metadata())) {
      return channel
          .call(CrioRuntime.LIST_CONTAINERS, ListContainersRequest.getDefaultInstance())
          .getContainersList()
          .stream()
          .filter(container -> container.getState() == ContainerState.CONTAINER_RUNNING)
          .map(Container::getId)
          .toList();
    }
  }

  private static void assertResolved(Path socket, String id) throws IOException {
    try (ContainerRuntime runtime = CrioRuntime.open(socket, RpcDeadlines.DEFAULT)) {
      RunningContainer found = runtime.resolve(new ContainerId(id));
      assertThat(ProcessIdentity.of(ProcFs.HOST, found.pid()).isAlive(ProcFs.HOST)).isTrue();
      assertThat(found.spec().mounts()).isNotEmpty();
    }
  }

  private static void assertUnknown(Path socket) {
    try (ContainerRuntime runtime = CrioRuntime.open(socket, RpcDeadlines.DEFAULT)) {
      assertThatExceptionOfType(NoLiveContainerException.class)
          .isThrownBy(() -> runtime.resolve(new ContainerId("f".repeat(64))));
    }
  }
}
