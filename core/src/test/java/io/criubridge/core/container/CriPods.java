// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.container;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.criubridge.core.container.pods.ContainerConfig;
import io.criubridge.core.container.pods.ContainerMetadata;
import io.criubridge.core.container.pods.ContainerRequest;
import io.criubridge.core.container.pods.CreateContainerRequest;
import io.criubridge.core.container.pods.CreateContainerResponse;
import io.criubridge.core.container.pods.ImageSpec;
import io.criubridge.core.container.pods.ImageStatusRequest;
import io.criubridge.core.container.pods.ImageStatusResponse;
import io.criubridge.core.container.pods.LinuxContainerConfig;
import io.criubridge.core.container.pods.LinuxContainerSecurityContext;
import io.criubridge.core.container.pods.LinuxPodSandboxConfig;
import io.criubridge.core.container.pods.LinuxSandboxSecurityContext;
import io.criubridge.core.container.pods.NamespaceMode;
import io.criubridge.core.container.pods.NamespaceOption;
import io.criubridge.core.container.pods.Nothing;
import io.criubridge.core.container.pods.PodRequest;
import io.criubridge.core.container.pods.PodSandboxConfig;
import io.criubridge.core.container.pods.PodSandboxMetadata;
import io.criubridge.core.container.pods.RunPodSandboxRequest;
import io.criubridge.core.container.pods.RunPodSandboxResponse;
import io.criubridge.fixtures.BusyboxImage;
import io.criubridge.fixtures.PrivateContainerd;
import io.grpc.Metadata;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes pods over the Container Runtime Interface, as the kubelet does: processes apart, unless the
 * pod says otherwise. They have the host's network.
 */
public final class CriPods implements AutoCloseable {
  private static final NamespaceOption HOST_NETWORK =
      NamespaceOption.newBuilder()
          .setNetwork(NamespaceMode.NODE)
          .setPid(NamespaceMode.CONTAINER)
          .build();
  private static final ImageSpec IMAGE = ImageSpec.newBuilder().setImage(BusyboxImage.NAME).build();

  private final UnixGrpcChannel channel;
  private final String cgroup;
  private final List<String> pods = new ArrayList<>();

  /** Connects to the server, and waits until it knows the image. */
  public CriPods(PrivateContainerd containerd) throws Exception {
    this(containerd.socket(), containerd.cgroup());
    // The plugin learns of an imported image by an event.
    while (!ask(
            "ImageService",
            "ImageStatus",
            ImageStatusRequest.newBuilder().setImage(IMAGE).build(),
            ImageStatusResponse.parser())
        .hasImage()) {
      Thread.sleep(20);
    }
  }

  private CriPods(Path socket, String cgroup) {
    channel =
        UnixGrpcChannel.open(
            socket,
            new RpcDeadlines(Duration.ofSeconds(10), Duration.ofSeconds(60)),
            new Metadata());
    this.cgroup = cgroup;
  }

  /** A pod that runs. */
  public record Pod(String id, PodSandboxConfig config) {}

  /** Starts a pod without containers. */
  public Pod run(String name, String namespace) throws Exception {
    PodSandboxConfig config =
        PodSandboxConfig.newBuilder()
            .setMetadata(
                PodSandboxMetadata.newBuilder()
                    .setName(name)
                    .setNamespace(namespace)
                    .setUid(name + "-uid"))
            .putLabels("io.kubernetes.pod.name", name)
            .putLabels("io.kubernetes.pod.namespace", namespace)
            .setLinux(
                LinuxPodSandboxConfig.newBuilder()
                    .setCgroupParent(cgroup)
                    .setSecurityContext(
                        LinuxSandboxSecurityContext.newBuilder().setNamespaceOptions(HOST_NETWORK)))
            .build();
    RunPodSandboxRequest request = RunPodSandboxRequest.newBuilder().setConfig(config).build();
    String id = runtime("RunPodSandbox", request, RunPodSandboxResponse.parser()).getPodSandboxId();
    pods.add(id);
    return new Pod(id, config);
  }

  /**
   * Starts a container of the pod; each restart is another attempt.
   *
   * @param command instead of the image's
   */
  public String start(Pod pod, String name, int attempt, String... command) throws Exception {
    ContainerConfig config =
        ContainerConfig.newBuilder()
            .setMetadata(ContainerMetadata.newBuilder().setName(name).setAttempt(attempt))
            .setImage(IMAGE)
            .addAllCommand(List.of(command))
            .putAllLabels(pod.config().getLabelsMap())
            .putLabels("io.kubernetes.container.name", name)
            .setLinux(
                LinuxContainerConfig.newBuilder()
                    .setSecurityContext(
                        LinuxContainerSecurityContext.newBuilder()
                            .setNamespaceOptions(HOST_NETWORK)))
            .build();
    CreateContainerRequest request =
        CreateContainerRequest.newBuilder()
            .setPodSandboxId(pod.id())
            .setConfig(config)
            .setSandboxConfig(pod.config())
            .build();
    String id =
        runtime("CreateContainer", request, CreateContainerResponse.parser()).getContainerId();
    runtime("StartContainer", container(id), Nothing.parser());
    return id;
  }

  /** Ends a container; the runtime keeps it, exited. */
  public void stop(String id) throws Exception {
    runtime("StopContainer", container(id), Nothing.parser());
  }

  private static ContainerRequest container(String id) {
    return ContainerRequest.newBuilder().setContainerId(id).build();
  }

  private <Q extends MessageLite, R extends MessageLite> R runtime(
      String method, Q request, Parser<R> answer) throws Exception {
    return ask("RuntimeService", method, request, answer);
  }

  @SuppressWarnings("unchecked") // the generated messages say only Parser<? extends MessageLite>
  private <Q extends MessageLite, R extends MessageLite> R ask(
      String service, String method, Q request, Parser<R> answer) throws Exception {
    Parser<Q> question = (Parser<Q>) request.getParserForType();
    return channel.call(UnaryMethod.of("runtime.v1." + service, method, question, answer), request);
  }

  @Override
  public void close() throws Exception {
    try (channel) {
      for (String pod : pods) {
        PodRequest request = PodRequest.newBuilder().setPodSandboxId(pod).build();
        runtime("StopPodSandbox", request, Nothing.parser());
        runtime("RemovePodSandbox", request, Nothing.parser());
      }
    }
  }
}
