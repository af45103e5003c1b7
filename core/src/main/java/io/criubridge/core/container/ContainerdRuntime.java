// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.container;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.criubridge.core.container.containerd.Container;
import io.criubridge.core.container.containerd.GetContainerRequest;
import io.criubridge.core.container.containerd.GetContainerResponse;
import io.criubridge.core.container.containerd.GetTaskRequest;
import io.criubridge.core.container.containerd.GetTaskResponse;
import io.criubridge.core.container.containerd.ListContainersRequest;
import io.criubridge.core.container.containerd.ListContainersResponse;
import io.criubridge.core.container.containerd.Task;
import io.criubridge.core.container.containerd.TaskStatus;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * containerd, asked by its own API. Not for a checkpoint that containerd itself is making: until
 * that ends, it answers after two seconds that it does not know the state of the task. {@link
 * CrioRuntime} at the same socket is answered at once.
 *
 * <p>Source: {@code api/services/containers/v1} and {@code api/services/tasks/v1} of containerd
 *
 * <p>Seed: ContainerdRuntime
 */
public final class ContainerdRuntime implements ContainerRuntime {

  /** containerd's namespace of the containers that Kubernetes runs. */
  public static final String KUBERNETES = "k8s.io";

  private static final Metadata.Key<String> NAMESPACE =
      Metadata.Key.of("containerd-namespace", Metadata.ASCII_STRING_MARSHALLER);
  private static final Set<TaskStatus> ALIVE =
      Set.of(TaskStatus.RUNNING, TaskStatus.PAUSING, TaskStatus.PAUSED);

  static final String CONTAINERS = "containerd.services.containers.v1.Containers";
  static final String TASKS = "containerd.services.tasks.v1.Tasks";
  static final MethodDescriptor<GetContainerRequest, GetContainerResponse> GET_CONTAINER =
      UnaryMethod.of(
          CONTAINERS, "Get", GetContainerRequest.parser(), GetContainerResponse.parser());
  static final MethodDescriptor<ListContainersRequest, ListContainersResponse> LIST_CONTAINERS =
      UnaryMethod.of(
          CONTAINERS, "List", ListContainersRequest.parser(), ListContainersResponse.parser());
  static final MethodDescriptor<GetTaskRequest, GetTaskResponse> GET_TASK =
      UnaryMethod.of(TASKS, "Get", GetTaskRequest.parser(), GetTaskResponse.parser());

  private final UnixGrpcChannel channel;

  private ContainerdRuntime(UnixGrpcChannel channel) {
    this.channel = channel;
  }

  /**
   * Connects at the first call.
   *
   * @param namespace containerd's: {@link #KUBERNETES}, {@code moby} for Docker, {@code default}
   */
  public static ContainerdRuntime open(Path socket, String namespace, RpcDeadlines deadlines) {
    Metadata headers = new Metadata();
    headers.put(NAMESPACE, namespace);
    return new ContainerdRuntime(UnixGrpcChannel.open(socket, deadlines, headers));
  }

  @Override
  public RunningContainer resolve(ContainerId id)
      throws ContainerRuntimeException, ContainerFileException {
    Container container =
        channel
            .call(GET_CONTAINER, GetContainerRequest.newBuilder().setId(id.value()).build())
            .getContainer();
    Task task = task(id.value());
    if (!ALIVE.contains(task.getStatus())) {
      throw new NoLiveContainerException(
          GET_TASK.getFullMethodName(),
          channel.socket(),
          "task " + id + " is " + state(task) + hint(task));
    }
    if (task.getPid() <= 0) {
      throw new ContainerRuntimeException(
          GET_TASK.getFullMethodName(), channel.socket(), "task " + id + " has no pid");
    }
    String spec = container.getSpec().getValue().toString(UTF_8);
    if (spec.isEmpty()) {
      throw new ContainerRuntimeException(
          GET_CONTAINER.getFullMethodName(), channel.socket(), "container " + id + " has no spec");
    }
    String origin = "OCI spec of container " + id + " from " + channel.socket();
    return new RunningContainer(id, task.getPid(), OciSpec.parse(origin, spec));
  }

  @Override
  public ContainerId find(PodContainer container) throws ContainerRuntimeException {
    ListContainersRequest request =
        ListContainersRequest.newBuilder().addFilters(filter(container)).build();
    List<ContainerCandidate> candidates = new ArrayList<>();
    for (Container found : channel.call(LIST_CONTAINERS, request).getContainersList()) {
      candidates.add(candidate(found.getId()));
    }
    return ContainerCandidate.onlyLive(
        candidates, container, LIST_CONTAINERS.getFullMethodName(), channel.socket());
  }

  private ContainerCandidate candidate(String id) throws ContainerRuntimeException {
    try {
      Task task = task(id);
      return new ContainerCandidate(id, ALIVE.contains(task.getStatus()), state(task));
    } catch (NoLiveContainerException e) {
      return new ContainerCandidate(id, false, "no task");
    }
  }

  private Task task(String id) throws ContainerRuntimeException {
    return channel
        .call(GET_TASK, GetTaskRequest.newBuilder().setContainerId(id).build())
        .getProcess();
  }

  private static String state(Task task) {
    return task.getStatus().name().toLowerCase(Locale.ROOT);
  }

  private static String hint(Task task) {
    return task.getStatus() == TaskStatus.UNKNOWN
        ? ", as it is while containerd makes a checkpoint of it; ask by the type crio"
        : "";
  }

  /** All conditions in one filter: several filters would mean any of them. */
  static String filter(PodContainer container) {
    return new TreeMap<>(container.labels())
        .entrySet().stream()
            .map(label -> "labels." + quote(label.getKey()) + "==" + quote(label.getValue()))
            .collect(Collectors.joining(","));
  }

  /**
   * Quotes a value of a filter.
   *
   * <p>Source: {@code filters/scanner.go} and {@code filters/quote.go} of containerd: strings of Go
   */
  private static String quote(String value) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ') {
        quoted.append(String.format(Locale.ROOT, "\\x%02x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }

  @Override
  public void close() {
    channel.close();
  }
}
