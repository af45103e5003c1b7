// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.rpc;

import io.criubridge.core.container.BundleLookup;
import io.criubridge.core.container.ContainerId;
import io.criubridge.core.container.ContainerRuntime;
import io.criubridge.core.container.ContainerRuntimeException;
import io.criubridge.core.container.ContainerdRuntime;
import io.criubridge.core.container.CrioRuntime;
import io.criubridge.core.container.PodContainer;
import io.criubridge.core.container.RuntimeType;
import io.criubridge.core.proc.ProcFs;
import io.criubridge.core.proc.ProcessIdentity;
import io.criubridge.hooks.PhaseFailure;
import io.criubridge.hooks.config.Configuration;
import io.criubridge.hooks.config.RuntimeSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Finds the first process of a container that people name: by its id in the files that runtimes
 * leave, else by asking the runtimes that are there, or the one that the settings name.
 *
 * @param configuration the node's settings
 * @param proc the host's /proc
 */
public record ContainerInit(Configuration configuration, ProcFs proc) {

  /**
   * Finds a container by its id.
   *
   * @throws PhaseFailure if none with this id runs, saying who was asked
   */
  public ProcessIdentity of(ContainerId id) throws IOException {
    if (settings().source().named().isEmpty()) {
      Optional<ProcessIdentity> noted =
          new BundleLookup(proc, Path.of("/"), configuration.runtimeRoots()).findInit(id);
      if (noted.isPresent()) {
        return noted.get();
      }
    }
    return ask("container " + id, runtime -> id);
  }

  /**
   * Finds a container by its name in Kubernetes.
   *
   * @throws PhaseFailure if none of this name runs, saying who was asked
   */
  public ProcessIdentity of(PodContainer container) throws IOException {
    return ask(container.toString(), runtime -> runtime.find(container));
  }

  @FunctionalInterface
  private interface Naming {
    ContainerId id(ContainerRuntime runtime) throws ContainerRuntimeException;
  }

  private ProcessIdentity ask(String container, Naming naming) throws IOException {
    List<String> tried = new ArrayList<>();
    for (RuntimeType type : types()) {
      try (ContainerRuntime runtime = open(type)) {
        return proven(runtime, naming.id(runtime));
      } catch (ContainerRuntimeException e) {
        tried.add(String.valueOf(e.getMessage()));
      }
    }
    throw new PhaseFailure(
        PhaseFailure.UNAVAILABLE,
        container
            + ": no such container found ("
            + (tried.isEmpty() ? "and no runtime is there to be asked" : String.join("; ", tried))
            + "); name it by its whole id, by --pid, or set runtime-roots or runtime-socket");
  }

  /** Asked again when the process is known by more than its PID: so it is the container's. */
  private ProcessIdentity proven(ContainerRuntime runtime, ContainerId id) throws IOException {
    ProcessIdentity init = ProcessIdentity.of(proc, runtime.resolve(id).pid());
    if (runtime.resolve(id).pid() != init.pid() || !init.isAlive(proc)) {
      throw new PhaseFailure(PhaseFailure.IO, "container " + id + " was just started anew");
    }
    return init;
  }

  private List<RuntimeType> types() {
    Optional<RuntimeType> named = settings().source().named();
    if (named.isPresent()) {
      return List.of(named.get());
    }
    return settings().source() == RuntimeSettings.Source.FILES
        ? List.of()
        : Arrays.stream(RuntimeType.values())
            .filter(type -> Files.exists(settings().socketOf(type)))
            .toList();
  }

  private ContainerRuntime open(RuntimeType type) {
    Path socket = settings().socketOf(type);
    return switch (type) {
      case CONTAINERD ->
          ContainerdRuntime.open(socket, settings().namespace(), settings().deadlines());
      case CRIO -> CrioRuntime.open(socket, settings().deadlines());
    };
  }

  private RuntimeSettings settings() {
    return configuration.runtime();
  }
}
