// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.container;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.criubridge.core.container.UnixGrpcServer.Answer;
import io.criubridge.core.container.cri.Container;
import io.criubridge.core.container.cri.ContainerState;
import io.criubridge.core.container.cri.ContainerStatus;
import io.criubridge.core.container.cri.ContainerStatusRequest;
import io.criubridge.core.container.cri.ContainerStatusResponse;
import io.criubridge.core.container.cri.ListContainersRequest;
import io.criubridge.core.container.cri.ListContainersResponse;
import io.criubridge.core.sys.BytePath;
import io.criubridge.fixtures.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** A server that answers with what a real CRI-O answered. */
class CrioRuntimeTest {
  private static final Path RECORDED = Fixtures.path("runtimes/crio");
  private static final String ID =
      "4f207d53e54d3f8d52c43422dd3422f1221300a438719c5e5070fa29868fd3c9";
  private static final PodContainer MAIN = new PodContainer("demo-pod", "default", "main");

  private final List<byte[]> questions = new ArrayList<>();
  @TempDir Path directory;

  /** Asks a server that gives these answers. */
  private <T> T ask(byte[] list, byte[] status, Question<T> question) throws Exception {
    Path socket = directory.resolve("crio.sock");
    Map<String, Answer> answers =
        Map.of("ListContainers", answer(list), "ContainerStatus", answer(status));
    try (UnixGrpcServer server =
            UnixGrpcServer.start(socket, Map.of(CrioRuntime.SERVICE, answers));
        ContainerRuntime runtime = CrioRuntime.open(socket, RpcDeadlines.DEFAULT)) {
      return question.ask(runtime);
    } finally {
      Files.deleteIfExists(socket);
    }
  }

  private Answer answer(byte[] bytes) {
    return question -> {
      questions.add(question);
      return bytes;
    };
  }

  @FunctionalInterface
  private interface Question<T> {
    T ask(ContainerRuntime runtime) throws IOException;
  }

  private RunningContainer resolve(ContainerStatusResponse answer) throws Exception {
    return ask(new byte[0], answer.toByteArray(), runtime -> runtime.resolve(new ContainerId(ID)));
  }

  private static byte[] recorded(String file) throws IOException {
    return Files.readAllBytes(RECORDED.resolve(file));
  }

  private static ContainerStatusResponse.Builder recordedStatus() throws IOException {
    return ContainerStatusResponse.parseFrom(recorded("container-status-verbose.bin")).toBuilder();
  }

  @Test
  void resolve_recordedPod_processAndSpec() throws Exception {
    RunningContainer found =
        ask(
            recorded("list-containers.bin"),
            recorded("container-status-verbose.bin"),
            runtime -> runtime.resolve(MAIN));
    assertThat(found.id()).hasToString(ID);
    assertThat(found.pid()).isEqualTo(20116);
    assertThat(found.spec().hostname()).isEqualTo("demo");
    assertThat(found.spec().rootPath()).endsWith("/merged");
    assertThat(found.spec().mounts())
        .extracting(OciMount::destination)
        .contains(BytePath.of("/dev/mqueue"), BytePath.of("/etc/resolv.conf"));
    assertThat(ListContainersRequest.parseFrom(questions.get(0)).getFilter().getLabelSelectorMap())
        .isEqualTo(MAIN.labels());
    assertThat(ContainerStatusRequest.parseFrom(questions.get(1)))
        .isEqualTo(ContainerStatusRequest.newBuilder().setContainerId(ID).setVerbose(true).build());
  }

  @Test
  void resolve_recordedSpec_isThatOfTheBundle() throws Exception {
    Path bundle =
        Fixtures.path(
            "proc/crio-container/host/run/containers/storage/overlay-containers/"
                + ID
                + "/userdata/config.json");
    assertThat(resolve(recordedStatus().build()).spec()).isEqualTo(OciSpec.read(bundle));
  }

  @Test
  void resolve_answerWithoutStatus() throws Exception {
    assertFails(recordedStatus().clearStatus(), "container " + ID + " has no status");
  }

  @Test
  void resolve_answerWithoutInfo() throws Exception {
    assertFails(
        recordedStatus().clearInfo(),
        "the verbose status of container " + ID + " has no info[\"info\"]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"runtimeSpec\": {}} | has no pid",
        "{\"pid\": 0, \"runtimeSpec\": {}} | has no pid",
        "{\"pid\": -7, \"runtimeSpec\": {}} | has no pid",
        "{\"pid\": 7} | has no runtimeSpec",
        "{\"pid\": 7, \"runtimeSpec\": null} | has no runtimeSpec",
      })
  void resolve_infoThatLacksAPart(String info, String problem) throws Exception {
    assertFails(
        recordedStatus().putInfo("info", info),
        "info[\"info\"] of container " + ID + " " + problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"pid\": 7 | $.pid: not JSON",
        "[] | $: Expected BEGIN_OBJECT",
        "{\"pid\": \"x\", \"runtimeSpec\": {}} | $.pid",
        "{\"pid\": 99999999999, \"runtimeSpec\": {}} | $.pid",
        "{\"pid\": 7, \"runtimeSpec\": {\"mounts\": 5}} | $.runtimeSpec.mounts",
      })
  void resolve_damagedInfo_isNamedByItsPlace(String info, String problem) throws Exception {
    ContainerStatusResponse answer = recordedStatus().putInfo("info", info).build();
    assertThatExceptionOfType(ContainerFileException.class)
        .isThrownBy(() -> resolve(answer))
        .withMessageStartingWith("info[\"info\"] of container " + ID + " from ")
        .withMessageContaining(problem);
  }

  @ParameterizedTest
  @EnumSource(
      names = {"CONTAINER_RUNNING", "UNRECOGNIZED"},
      mode = Mode.EXCLUDE)
  void resolve_containerThatDoesNotRun(ContainerState state) throws Exception {
    ContainerStatusResponse.Builder answer = recordedStatus();
    answer.getStatusBuilder().setState(state);
    assertThatExceptionOfType(NoLiveContainerException.class)
        .isThrownBy(() -> resolve(answer.build()));
  }

  @Test
  void find_oneOfTwoRuns() throws Exception {
    byte[] list = list(ContainerState.CONTAINER_EXITED, ContainerState.CONTAINER_RUNNING);
    ContainerId found = ask(list, new byte[0], runtime -> runtime.find(MAIN));
    assertThat(found).hasToString("c1");
  }

  @Test
  void find_twoRun_isNotGuessed() {
    assertThatExceptionOfType(ContainerRuntimeException.class)
        .isThrownBy(
            () ->
                ask(
                    list(ContainerState.CONTAINER_RUNNING, ContainerState.CONTAINER_RUNNING),
                    new byte[0],
                    runtime -> runtime.find(MAIN)))
        .withMessageContaining("c0 (running), c1 (running)");
  }

  @Test
  void find_answerWithAnIdThatIsAPath_isRefused() {
    byte[] hostile =
        ListContainersResponse.newBuilder()
            .addContainers(
                Container.newBuilder().setId("../x").setState(ContainerState.CONTAINER_RUNNING))
            .build()
            .toByteArray();
    assertThatExceptionOfType(ContainerRuntimeException.class)
        .isThrownBy(() -> ask(hostile, new byte[0], runtime -> runtime.find(MAIN)))
        .withMessageEndingWith("answers with an id that is none: ../x");
  }

  @Test
  void find_answerThatIsNoMessage_isNamed() {
    byte[] noise = "noise".getBytes(UTF_8);
    assertThatExceptionOfType(ContainerRuntimeException.class)
        .isThrownBy(() -> ask(noise, noise, runtime -> runtime.find(MAIN)))
        .withMessageContaining("ListContainers at " + directory.resolve("crio.sock"))
        .withMessageContaining("not the message expected");
  }

  @Test
  void resolve_statusOfAnotherContainer_isNotBelieved() throws Exception {
    ContainerStatus other = recordedStatus().getStatus().toBuilder().setId(ID + "0").build();
    ContainerStatusResponse answer = recordedStatus().setStatus(other).build();
    assertThatExceptionOfType(NoLiveContainerException.class)
        .isThrownBy(() -> resolve(answer))
        .withMessageEndingWith("but one that begins so: " + ID + "0");
  }

  private static byte[] list(ContainerState... states) {
    ListContainersResponse.Builder list = ListContainersResponse.newBuilder();
    for (int i = 0; i < states.length; i++) {
      list.addContainers(Container.newBuilder().setId("c" + i).setState(states[i]));
    }
    return list.build().toByteArray();
  }

  private void assertFails(ContainerStatusResponse.Builder answer, String problem) {
    assertThatExceptionOfType(ContainerRuntimeException.class)
        .isThrownBy(() -> resolve(answer.build()))
        .withMessage(
            "runtime.v1.RuntimeService/ContainerStatus at "
                + directory.resolve("crio.sock")
                + ": "
                + problem);
  }
}
