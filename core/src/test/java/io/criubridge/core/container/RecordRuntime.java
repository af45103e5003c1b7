// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.container;

import com.google.protobuf.MessageLite;
import io.criubridge.core.container.containerd.GetContainerRequest;
import io.criubridge.core.container.containerd.GetTaskRequest;
import io.criubridge.core.container.cri.ContainerFilter;
import io.criubridge.core.container.cri.ContainerStatusRequest;
import io.criubridge.core.proc.ProcFs;
import io.criubridge.fixtures.PrivateContainerd;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Records a pod of a real containerd; started by {@code scripts/record-runtimes}. */
final class RecordRuntime {
  private static final PodContainer MAIN = new PodContainer("demo-pod", "default", "main");
  private static final List<String> FILES =
      List.of("stat", "status", "cmdline", "cgroup", "mountinfo");
  private static final List<String> LINKS = List.of("ns/mnt", "ns/net", "ns/pid", "ns/user");

  private final PrivateContainerd containerd;
  private final Path directory;
  private final Path fixtures;

  private RecordRuntime(PrivateContainerd containerd, Path directory, Path fixtures) {
    this.containerd = containerd;
    this.directory = directory;
    this.fixtures = fixtures;
  }

  /**
   * Records.
   *
   * @param arguments a directory for the server, which must be empty, and {@code test-fixtures}
   */
  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[0]);
    try (PrivateContainerd containerd = PrivateContainerd.start(directory);
        CriPods pods = new CriPods(containerd)) {
      CriPods.Pod pod = pods.run(MAIN.pod(), MAIN.namespace());
      String dead = pods.start(pod, MAIN.name(), 0);
      pods.stop(dead);
      String live = pods.start(pod, MAIN.name(), 1);
      RecordRuntime record = new RecordRuntime(containerd, directory, Path.of(arguments[1]));
      record.answers(dead, live);
      record.processAndBundle(live);
    }
  }

  private void answers(String dead, String live) throws IOException {
    Metadata headers = new Metadata();
    headers.put(
        Metadata.Key.of("containerd-namespace", Metadata.ASCII_STRING_MARSHALLER),
        ContainerdRuntime.KUBERNETES);
    try (UnixGrpcChannel channel =
        UnixGrpcChannel.open(containerd.socket(), RpcDeadlines.DEFAULT, headers)) {
      save(channel, ContainerdRuntime.LIST_CONTAINERS, list(), "containers-list.bin");
      save(channel, ContainerdRuntime.GET_CONTAINER, container(live), "container.bin");
      save(channel, ContainerdRuntime.GET_TASK, task(live), "task-live.bin");
      save(channel, CrioRuntime.LIST_CONTAINERS, criList(), "cri-list-containers.bin");
      save(channel, CrioRuntime.CONTAINER_STATUS, status(live), "cri-status-live.bin");
      save(channel, CrioRuntime.CONTAINER_STATUS, status(dead), "cri-status-dead.bin");
    }
  }

  private static MessageLite list() {
    return io.criubridge.core.container.containerd.ListContainersRequest.newBuilder()
        .addFilters(ContainerdRuntime.filter(MAIN))
        .build();
  }

  private static MessageLite criList() {
    return io.criubridge.core.container.cri.ListContainersRequest.newBuilder()
        .setFilter(ContainerFilter.newBuilder().putAllLabelSelector(MAIN.labels()))
        .build();
  }

  private static MessageLite container(String id) {
    return GetContainerRequest.newBuilder().setId(id).build();
  }

  private static MessageLite task(String id) {
    return GetTaskRequest.newBuilder().setContainerId(id).build();
  }

  private static MessageLite status(String id) {
    return ContainerStatusRequest.newBuilder().setContainerId(id).setVerbose(true).build();
  }

  /** The answer whole, with the fields that are not read too. */
  private void save(
      UnixGrpcChannel channel, MethodDescriptor<?, ?> method, MessageLite question, String file)
      throws IOException {
    String name = method.getFullMethodName();
    int slash = name.lastIndexOf('/');
    byte[] answer =
        channel.call(
            UnixGrpcServer.method(name.substring(0, slash), name.substring(slash + 1)),
            question.toByteArray());
    Path answers = Files.createDirectories(fixtures.resolve("runtimes/containerd"));
    Files.write(answers.resolve(file), answer);
  }

  private void processAndBundle(String id) throws IOException {
    int pid = containerd.pid(id);
    Path tree = fixtures.resolve("proc/containerd-container");
    for (String file : FILES) {
      write(tree.resolve("proc/" + pid + "/" + file), ProcFs.HOST.read(pid, file));
    }
    String children = "task/" + pid + "/children";
    write(tree.resolve("proc/" + pid + "/" + children), ProcFs.HOST.read(pid, children));
    for (String link : LINKS) {
      Path to = tree.resolve("proc/" + pid + "/" + link);
      Files.createDirectories(to.resolveSibling(""));
      Files.createSymbolicLink(to, ProcFs.HOST.link(pid, link));
    }
    String bundle = "io.containerd.runtime.v2.task/k8s.io/" + id + "/";
    for (String file : List.of("config.json", "init.pid")) {
      write(
          tree.resolve("host/run/containerd/" + bundle + file),
          Files.readAllBytes(directory.resolve("state/" + bundle + file)));
    }
  }

  private static void write(Path file, byte[] content) throws IOException {
    Files.createDirectories(file.resolveSibling(""));
    Files.write(file, content);
  }
}
