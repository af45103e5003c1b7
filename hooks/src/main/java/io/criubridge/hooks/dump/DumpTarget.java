// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.dump;

import io.criubridge.core.container.BundleLookup;
import io.criubridge.core.container.ContainerLookup;
import io.criubridge.core.container.RuntimeAncestor;
import io.criubridge.core.proc.MountTable;
import io.criubridge.core.proc.NamespaceKind;
import io.criubridge.core.proc.ProcFs;
import io.criubridge.core.proc.ProcNamespaces;
import io.criubridge.core.proc.ProcessIdentity;
import io.criubridge.hooks.CriuRun;
import io.criubridge.hooks.PhaseContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is being dumped.
 *
 * @param init the root task
 * @param ownMounts whether it has a mount namespace of its own; a process without one is no
 *     container, and its files are the host's
 * @param mounts as the root task sees them
 * @param hostMounts as CRIU sees them
 * @param container what the runtime knows of it
 */
record DumpTarget(
    ProcessIdentity init,
    boolean ownMounts,
    MountTable mounts,
    MountTable hostMounts,
    ContainerLookup container) {

  static DumpTarget of(PhaseContext context) throws IOException {
    CriuRun run = context.run();
    ProcFs proc = run.proc();
    int pid = context.requiredInitPid();
    int criuPid = run.criu().pid();
    boolean ownMounts = !new ProcNamespaces(proc).same(pid, criuPid, NamespaceKind.MNT);
    return new DumpTarget(
        ProcessIdentity.of(proc, pid),
        ownMounts,
        MountTable.read(proc, pid),
        MountTable.read(proc, criuPid),
        new BundleLookup(proc, Path.of("/"), runcRoots(run)).find(pid));
  }

  /** The runtime that called CRIU knows best where it keeps its state. */
  private static List<Path> runcRoots(CriuRun run) throws IOException {
    List<Path> roots = new ArrayList<>(run.configuration().runtimeRoots());
    RuntimeAncestor.find(run.proc(), run.criu().pid())
        .ifPresent(runtime -> roots.add(runtime.command().root()));
    return roots;
  }

  /** What is known of the container beyond /proc. */
  Optional<ContainerLookup.Found> found() {
    return container instanceof ContainerLookup.Found found ? Optional.of(found) : Optional.empty();
  }

  /** The container's id, or one made from the PID. */
  String id() {
    return found().map(found -> found.id().value()).orElse("pid-" + init.pid());
  }
}
