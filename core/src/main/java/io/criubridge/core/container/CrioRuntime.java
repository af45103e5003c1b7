// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.container;

import io.criubridge.core.container.cri.Container;
import io.criubridge.core.container.cri.ContainerFilter;
import io.criubridge.core.container.cri.ContainerState;
import io.criubridge.core.container.cri.ContainerStatus;
import io.criubridge.core.container.cri.ContainerStatusRequest;
import io.criubridge.core.container.cri.ContainerStatusResponse;
import io.criubridge.core.container.cri.ListContainersRequest;
import io.criubridge.core.container.cri.ListContainersResponse;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * CRI-O, or another runtime, asked by the Container Runtime Interface. Process and specification
 * are in the verbose part of a status, which the interface leaves to the runtime; CRI-O and
 * containerd fill it alike.
 *
 * <p>Source: {@code pkg/apis/runtime/v1/api.proto} of k8s.io/cri-api; {@code
 * server/container_status.go} of CRI-O
 *
 * <p>Seed: CRIORuntime
 */
public final class CrioRuntime implements ContainerRuntime {
  static final String SERVICE = "runtime.v1.RuntimeService";
  static final MethodDescriptor<ListContainersRequest, ListContainersResponse> LIST_CONTAINERS =
      UnaryMethod.of(
          SERVICE,
          "ListContainers",
          ListContainersRequest.parser(),
          ListContainersResponse.parser());
  static final MethodDescriptor<ContainerStatusRequest, ContainerStatusResponse> CONTAINER_STATUS =
      UnaryMethod.of(
          SERVICE,
          "ContainerStatus",
          ContainerStatusRequest.parser(),
          ContainerStatusResponse.parser());

  private final UnixGrpcChannel channel;

  private CrioRuntime(UnixGrpcChannel channel) {
    this.channel = channel;
  }

  /** Connects at the first call. */
  public static CrioRuntime open(Path socket, RpcDeadlines deadlines) {
    return new CrioRuntime(UnixGrpcChannel.open(socket, deadlines, new Metadata()));
  }

  @Override
  public RunningContainer resolve(ContainerId id)
      throws ContainerRuntimeException, ContainerFileException {
    ContainerStatusRequest request =
        ContainerStatusRequest.newBuilder().setContainerId(id.value()).setVerbose(true).build();
    ContainerStatusResponse response = channel.call(CONTAINER_STATUS, request);
    if (!response.hasStatus()) {
      throw failure("container " + id + " has no status");
    }
    ContainerStatus status = response.getStatus();
    if (!status.getId().equals(id.value())) {
      // Both runtimes take the beginning of an id for the whole.
      throw new NoLiveContainerException(
          CONTAINER_STATUS.getFullMethodName(),
          channel.socket(),
          "there is no container " + id + ", but one that begins so: " + status.getId());
    }
    if (status.getState() != ContainerState.CONTAINER_RUNNING) {
      throw new NoLiveContainerException(
          CONTAINER_STATUS.getFullMethodName(),
          channel.socket(),
          "container " + id + " is " + state(status.getState()));
    }
    return verbose(id, response);
  }

  private RunningContainer verbose(ContainerId id, ContainerStatusResponse response)
      throws ContainerRuntimeException, ContainerFileException {
    String json = response.getInfoOrDefault("info", "");
    if (json.isEmpty()) {
      throw failure("the verbose status of container " + id + " has no info[\"info\"]");
    }
    String origin = "info[\"info\"] of container " + id + " from " + channel.socket();
    CriContainerInfo info = CriContainerInfo.parse(origin, json);
    if (info.pid() <= 0) {
      throw failure("info[\"info\"] of container " + id + " has no pid");
    }
    OciSpec spec =
        info.runtimeSpec()
            .orElseThrow(
                () -> failure("info[\"info\"] of container " + id + " has no runtimeSpec"));
    return new RunningContainer(id, info.pid(), spec);
  }

  @Override
  public ContainerId find(PodContainer container) throws ContainerRuntimeException {
    ListContainersRequest request =
        ListContainersRequest.newBuilder()
            .setFilter(ContainerFilter.newBuilder().putAllLabelSelector(container.labels()))
            .build();
    List<ContainerCandidate> candidates = new ArrayList<>();
    for (Container found : channel.call(LIST_CONTAINERS, request).getContainersList()) {
      candidates.add(
          new ContainerCandidate(
              found.getId(),
              found.getState() == ContainerState.CONTAINER_RUNNING,
              state(found.getState())));
    }
    return ContainerCandidate.onlyLive(
        candidates, container, LIST_CONTAINERS.getFullMethodName(), channel.socket());
  }

  private static String state(ContainerState state) {
    return state.name().replace("CONTAINER_", "").toLowerCase(Locale.ROOT);
  }

  private ContainerRuntimeException failure(String problem) {
    return new ContainerRuntimeException(
        CONTAINER_STATUS.getFullMethodName(), channel.socket(), problem);
  }

  @Override
  public void close() {
    channel.close();
  }
}
