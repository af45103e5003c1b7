// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.criubridge.core.container.ContainerLookup.Found;
import io.criubridge.core.container.ContainerLookup.NotFound;
import io.criubridge.core.container.UnixGrpcServer.Answer;
import io.criubridge.core.container.containerd.GetContainerResponse;
import io.criubridge.core.container.containerd.GetTaskRequest;
import io.criubridge.core.container.containerd.GetTaskResponse;
import io.criubridge.core.container.containerd.Task;
import io.criubridge.core.container.containerd.TaskStatus;
import io.criubridge.core.proc.ProcFs;
import io.criubridge.core.proc.RecordedProc;
import io.criubridge.fixtures.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** What a containerd answered about a pod with a dead and a live container, and its process. */
class RecordedContainerdTest {
  private static final PodContainer MAIN = new PodContainer("demo-pod", "default", "main");
  private static final Path HOST = Fixtures.path("proc/containerd-container/host");

  private final ProcFs proc = RecordedProc.of("containerd-container");
  @TempDir private Path directory;
  private int init;
  private ContainerId id;

  @BeforeEach
  void findIdOfTheBundle() throws IOException {
    init = RecordedProc.onlyPid(proc);
    Found found = (Found) new BundleLookup(proc, HOST, List.of()).find(init);
    assertThat(found.kind()).isEqualTo(RuntimeKind.CONTAINERD);
    id = found.id();
  }

  private static byte[] recorded(String file) throws IOException {
    return Files.readAllBytes(Fixtures.path("runtimes/containerd").resolve(file));
  }

  private Path socket() {
    return directory.resolve("containerd.sock");
  }

  /** The dead container's task was deleted by the CRI plugin when it ended. */
  private Answer task(byte[] live) {
    return question -> {
      try {
        if (GetTaskRequest.parseFrom(question).getContainerId().equals(id.value())) {
          return live;
        }
      } catch (IOException e) {
        throw new AssertionError(e);
      }
      throw UnixGrpcServer.notFound("no running task found");
    };
  }

  private UnixGrpcServer tasks(byte[] live) throws IOException {
    return UnixGrpcServer.start(
        socket(),
        Map.of(
            ContainerdRuntime.TASKS,
            Map.of("Get", task(live)),
            ContainerdRuntime.CONTAINERS,
            Map.of("Get", answer("container.bin"), "List", answer("containers-list.bin"))));
  }

  private static Answer answer(String file) throws IOException {
    byte[] bytes = recorded(file);
    return question -> bytes;
  }

  private UnixGrpcServer cri(String status) throws IOException {
    return UnixGrpcServer.start(
        socket(),
        Map.of(
            CrioRuntime.SERVICE,
            Map.of(
                "ListContainers", answer("cri-list-containers.bin"),
                "ContainerStatus", answer(status))));
  }

  private RuntimeLookup lookup(RuntimeType type) {
    return new RuntimeLookup(
        proc, type, socket(), ContainerdRuntime.KUBERNETES, RpcDeadlines.DEFAULT);
  }

  @Test
  void resolve_bothApis_giveTheProcessAndTheSpecOfTheBundle() throws Exception {
    OciSpec spec = ((Found) new BundleLookup(proc, HOST, List.of()).find(init)).spec();
    RunningContainer expected = new RunningContainer(id, init, spec);
    try (UnixGrpcServer server = tasks(recorded("task-live.bin"));
        ContainerRuntime runtime =
            ContainerRuntime.open(RuntimeType.CONTAINERD, Optional.of(socket()))) {
      assertThat(runtime.resolve(MAIN)).isEqualTo(expected);
    }
    Files.deleteIfExists(socket());
    try (UnixGrpcServer server = cri("cri-status-live.bin");
        ContainerRuntime runtime = ContainerRuntime.open(RuntimeType.CRIO, Optional.of(socket()))) {
      assertThat(runtime.resolve(MAIN)).isEqualTo(expected);
    }
  }

  @Test
  void find_processOfTheRecordedTree_byItsControlGroup() throws Exception {
    assertThat(RuntimeLookup.suggestedType(proc, init)).hasValue(RuntimeType.CONTAINERD);
    try (UnixGrpcServer server = tasks(recorded("task-live.bin"))) {
      assertThat(lookup(RuntimeType.CONTAINERD).find(init))
          .isInstanceOfSatisfying(Found.class, found -> assertThat(found.id()).isEqualTo(id));
    }
    Files.deleteIfExists(socket());
    try (UnixGrpcServer server = cri("cri-status-live.bin")) {
      assertThat(lookup(RuntimeType.CRIO).find(init))
          .isInstanceOfSatisfying(
              Found.class, found -> assertThat(found.kind()).isEqualTo(RuntimeKind.CONTAINERD));
    }
  }

  @Test
  void find_runtimeThatNamesAnotherProcess_isNotBelieved() throws Exception {
    try (UnixGrpcServer server = tasks(task(init + 1, TaskStatus.RUNNING))) {
      assertThat(lookup(RuntimeType.CONTAINERD).find(init)).isInstanceOf(NotFound.class);
    }
  }

  @Test
  void resolve_recordedDeadContainer_isNotAlive() throws Exception {
    try (UnixGrpcServer server = cri("cri-status-dead.bin");
        ContainerRuntime runtime = CrioRuntime.open(socket(), RpcDeadlines.DEFAULT)) {
      assertThatExceptionOfType(NoLiveContainerException.class)
          .isThrownBy(() -> runtime.resolve(id));
    }
  }

  @ParameterizedTest
  @EnumSource(
      names = {"RUNNING", "PAUSED", "PAUSING", "UNRECOGNIZED"},
      mode = Mode.EXCLUDE)
  void resolve_taskThatDoesNotLive(TaskStatus status) throws Exception {
    try (UnixGrpcServer server = tasks(task(init, status));
        ContainerRuntime runtime =
            ContainerdRuntime.open(socket(), ContainerdRuntime.KUBERNETES, RpcDeadlines.DEFAULT)) {
      assertThatExceptionOfType(NoLiveContainerException.class)
          .isThrownBy(() -> runtime.resolve(id));
    }
  }

  @Test
  void resolve_answersThatLackAPart() throws Exception {
    try (UnixGrpcServer server = tasks(task(0, TaskStatus.RUNNING));
        ContainerRuntime runtime =
            ContainerdRuntime.open(socket(), ContainerdRuntime.KUBERNETES, RpcDeadlines.DEFAULT)) {
      assertThatExceptionOfType(ContainerRuntimeException.class)
          .isThrownBy(() -> runtime.resolve(id))
          .withMessageEndingWith("task " + id + " has no pid");
    }
    Files.deleteIfExists(socket());
    byte[] bare = GetContainerResponse.getDefaultInstance().toByteArray();
    byte[] live = task(init, TaskStatus.RUNNING);
    try (UnixGrpcServer server =
            UnixGrpcServer.start(
                socket(),
                Map.of(
                    ContainerdRuntime.CONTAINERS, Map.of("Get", question -> bare),
                    ContainerdRuntime.TASKS, Map.of("Get", question -> live)));
        ContainerRuntime runtime =
            ContainerdRuntime.open(socket(), ContainerdRuntime.KUBERNETES, RpcDeadlines.DEFAULT)) {
      assertThatExceptionOfType(ContainerRuntimeException.class)
          .isThrownBy(() -> runtime.resolve(id))
          .withMessageEndingWith("container " + id + " has no spec");
    }
  }

  private static byte[] task(int pid, TaskStatus status) {
    return GetTaskResponse.newBuilder()
        .setProcess(Task.newBuilder().setPid(pid).setStatus(status))
        .build()
        .toByteArray();
  }
}
