// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.dump;

import io.criubridge.core.container.ContainerId;
import io.criubridge.core.container.ContainerLookup;
import io.criubridge.core.proc.CgroupHierarchy;
import io.criubridge.core.proc.CgroupOutsideException;
import io.criubridge.core.proc.MountTable;
import io.criubridge.core.proc.NamespaceKind;
import io.criubridge.core.proc.ProcCgroup;
import io.criubridge.core.proc.ProcFs;
import io.criubridge.core.proc.ProcNamespaces;
import io.criubridge.core.proc.ProcessIdentity;
import io.criubridge.hooks.CriuRun;
import io.criubridge.hooks.PhaseContext;
import java.io.IOException;
import java.util.Optional;

/**
 * What is being dumped.
 *
 * @param id the container's id: proven, else as its control group is called, else made from the PID
 * @param init the root task
 * @param ownMounts whether it has a mount namespace of its own; a process without one is no
 *     container, and its files are the host's
 * @param mounts as the root task sees them
 * @param hostMounts as CRIU sees them
 * @param container what the runtime knows of it
 */
record DumpTarget(
    String id,
    ProcessIdentity init,
    boolean ownMounts,
    MountTable mounts,
    MountTable hostMounts,
    ContainerLookup container) {

  static DumpTarget of(PhaseContext context, ContainerFinder finder) throws IOException {
    return of(context.run(), context.requiredInitPid(), finder);
  }

  static DumpTarget of(CriuRun run, int pid, ContainerFinder finder) throws IOException {
    ProcFs proc = run.proc();
    int criuPid = run.criu().pid();
    boolean ownMounts = !new ProcNamespaces(proc).same(pid, criuPid, NamespaceKind.MNT);
    ProcessIdentity init = ProcessIdentity.of(proc, pid);
    ContainerLookup container = finder.find(run, init, ownMounts);
    return new DumpTarget(
        container instanceof ContainerLookup.Found found
            ? found.id().value()
            : ownMounts ? cgroupName(proc, pid).orElse("pid-" + pid) : "pid-" + pid,
        init,
        ownMounts,
        MountTable.read(proc, pid),
        MountTable.read(proc, criuPid),
        container);
  }

  /** Good enough as a name, though the workload may have chosen it. */
  private static Optional<String> cgroupName(ProcFs proc, int pid) throws IOException {
    Optional<CgroupHierarchy> group = ProcCgroup.read(proc, pid).selected();
    try {
      return group.isEmpty()
          ? Optional.empty()
          : ContainerId.candidates(group.get().path()).stream().map(ContainerId::value).findFirst();
    } catch (CgroupOutsideException e) {
      // Seen from inside a cgroup namespace; then there is no name.
      return Optional.empty();
    }
  }

  /** What is known of the container beyond /proc. */
  Optional<ContainerLookup.Found> found() {
    return container instanceof ContainerLookup.Found found ? Optional.of(found) : Optional.empty();
  }
}
