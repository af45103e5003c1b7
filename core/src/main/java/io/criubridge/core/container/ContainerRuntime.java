// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.container;

import java.io.Closeable;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A container runtime, asked over its socket which process a container is. Every call has a
 * deadline. Only a container that lives counts: running or paused.
 *
 * <p>Where the runtime's files can be read, {@link BundleLookup} tells the same without a server.
 *
 * <p>Seed: Runtime
 */
public sealed interface ContainerRuntime extends Closeable permits ContainerdRuntime, CrioRuntime {

  /**
   * Connects to a runtime at its first call, with {@link RpcDeadlines#DEFAULT}; containerd is asked
   * for the containers of Kubernetes. The two classes have more to choose from.
   *
   * <p>Seed: New
   *
   * @param socket empty for the type's default
   */
  static ContainerRuntime open(RuntimeType type, Optional<Path> socket) {
    Path path = socket.orElse(type.defaultSocket());
    return switch (type) {
      case CONTAINERD ->
          ContainerdRuntime.open(path, ContainerdRuntime.KUBERNETES, RpcDeadlines.DEFAULT);
      case CRIO -> CrioRuntime.open(path, RpcDeadlines.DEFAULT);
    };
  }

  /**
   * Finds the process and the specification of a container.
   *
   * <p>Seed: ResolveContainer
   *
   * @throws NoLiveContainerException if there is no such container, or it does not run
   * @throws ContainerRuntimeException if the runtime does not answer, or without one of these
   * @throws ContainerFileException if the specification is damaged
   */
  RunningContainer resolve(ContainerId id) throws ContainerRuntimeException, ContainerFileException;

  /**
   * Finds the one container of that name which lives; after a restart there are dead ones too.
   *
   * <p>Seed: ResolveContainerIDByPod
   *
   * @throws NoLiveContainerException if none lives, naming those that do not
   * @throws ContainerRuntimeException if several live, or the runtime does not answer
   */
  ContainerId find(PodContainer container) throws ContainerRuntimeException;

  /**
   * Finds the process and the specification of the one container of that name which lives.
   *
   * <p>Seed: ResolveContainerByPod
   */
  default RunningContainer resolve(PodContainer container)
      throws ContainerRuntimeException, ContainerFileException {
    return resolve(find(container));
  }

  /** Ends the connection and its thread: left open, it keeps the JVM from ending at once. */
  @Override
  void close();
}
