// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.container;

import io.criubridge.core.container.ContainerLookup.Found;
import io.criubridge.core.container.ContainerLookup.NotFound;
import io.criubridge.core.proc.CgroupHierarchy;
import io.criubridge.core.proc.CgroupOutsideException;
import io.criubridge.core.proc.ProcCgroup;
import io.criubridge.core.proc.ProcFs;
import io.criubridge.core.proc.ProcessIdentity;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds the container of a process by asking its runtime, where {@link BundleLookup} finds nothing:
 * the runtime may keep its files in another place. The process's cgroup only suggests ids; a
 * container is believed when the runtime says that this process is its first.
 *
 * @param procFs where the process is looked up
 * @param type which API the runtime speaks
 * @param socket where it listens
 * @param namespace containerd's namespace; nothing to other runtimes
 * @param deadlines how long it may take
 */
public record RuntimeLookup(
    ProcFs procFs, RuntimeType type, Path socket, String namespace, RpcDeadlines deadlines) {
  /** The container's group is a few levels above its processes at most. */
  private static final int MAX_CANDIDATES = 8;

  private static final String CRIO_ANNOTATIONS = "io.kubernetes.cri-o.";

  /**
   * The runtime of Kubernetes that the process's cgroup is named for; empty if there is no reason
   * to ask one.
   *
   * @throws io.criubridge.core.proc.ProcessGoneException if the process has exited
   */
  public static Optional<RuntimeType> suggestedType(ProcFs procFs, int pid) throws IOException {
    Optional<CgroupHierarchy> cgroup = ProcCgroup.read(procFs, pid).selected();
    try {
      return cgroup.isEmpty() ? Optional.empty() : KubernetesCgroup.runtime(cgroup.get().path());
    } catch (CgroupOutsideException e) {
      // Seen from inside a cgroup namespace: it tells no name.
      return Optional.empty();
    }
  }

  /**
   * Finds the container whose first process this is. No connection is made for a process whose
   * cgroup suggests no id.
   *
   * @param initPid the process, as {@link #procFs} numbers it; the host's number, which the runtime
   *     has too
   * @throws io.criubridge.core.proc.ProcessGoneException if the process has exited
   * @throws ContainerRuntimeException if the runtime does not answer
   * @throws ContainerFileException if the specification is damaged
   */
  public ContainerLookup find(int initPid) throws IOException {
    ProcessIdentity init = ProcessIdentity.of(procFs, initPid);
    List<String> tried = new ArrayList<>();
    List<ContainerId> ids = BundleLookup.candidates(procFs, initPid, tried);
    if (ids.isEmpty()) {
      return new NotFound(tried);
    }
    try (ContainerRuntime runtime = open()) {
      for (ContainerId id : ids.subList(0, Math.min(ids.size(), MAX_CANDIDATES))) {
        Optional<Found> found = ask(runtime, id, init, tried);
        if (found.isPresent()) {
          return found.get();
        }
      }
    }
    return new NotFound(tried);
  }

  private ContainerRuntime open() {
    return switch (type) {
      case CONTAINERD -> ContainerdRuntime.open(socket, namespace, deadlines);
      case CRIO -> CrioRuntime.open(socket, deadlines);
    };
  }

  private Optional<Found> ask(
      ContainerRuntime runtime, ContainerId id, ProcessIdentity init, List<String> tried)
      throws IOException {
    RunningContainer container;
    try {
      container = runtime.resolve(id);
    } catch (NoLiveContainerException e) {
      tried.add(e.getMessage());
      return Optional.empty();
    }
    // Alive afterwards: so the PID was this process's all the time.
    if (container.pid() != init.pid() || !init.isAlive(procFs)) {
      tried.add(socket + ": container " + id + " is process " + container.pid() + ", not " + init);
      return Optional.empty();
    }
    return Optional.of(new Found(id, kind(container.spec()), Optional.empty(), container.spec()));
  }

  /** Others serve the API of CRI-O too. */
  private RuntimeKind kind(OciSpec spec) {
    return type == RuntimeType.CRIO
            && spec.annotations().keySet().stream().anyMatch(k -> k.startsWith(CRIO_ANNOTATIONS))
        ? RuntimeKind.CRIO
        : RuntimeKind.CONTAINERD;
  }
}
