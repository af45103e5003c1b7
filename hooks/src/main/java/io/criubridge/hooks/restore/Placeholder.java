// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.restore;

import io.criubridge.core.mount.CgroupMount;
import io.criubridge.core.proc.CgroupHierarchy;
import io.criubridge.core.proc.MountTable;
import io.criubridge.core.proc.NamespaceKind;
import io.criubridge.core.proc.NamespacePids;
import io.criubridge.core.proc.ProcCgroup;
import io.criubridge.core.proc.ProcFs;
import io.criubridge.core.proc.ProcNamespaces;
import io.criubridge.core.proc.ProcReadException;
import io.criubridge.core.proc.ProcStat;
import io.criubridge.core.proc.ProcessGoneException;
import io.criubridge.core.proc.ProcessIdentity;
import io.criubridge.core.process.ProcessTree;
import io.criubridge.core.sys.BytePath;
import io.criubridge.hooks.PhaseFailure;
import io.criubridge.hooks.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A container that waits to be filled with the processes of a checkpoint. They get its root, its
 * mounts, its network, its control groups and its standard streams, and are born in its PID
 * namespace, so that they end with it. Of its own mounts none is changed: CRIU works on copies of
 * them, in a mount namespace of its own.
 *
 * @param proc the host's /proc
 * @param init the container's first process
 */
public record Placeholder(ProcFs proc, ProcessIdentity init) {

  private static final int HOST_INIT = 1;

  /** The PID of the first process of a PID namespace, in it. */
  private static final int FIRST = 1;

  /** The settings that this container stands for. */
  public Map<String, String> settings() {
    return Map.of(
        "CRIU_BRIDGE_ROOT", root().toString(),
        "CRIU_BRIDGE_NETNS", proc.path(init.pid(), "ns/net").toString());
  }

  Path root() {
    return proc.path(init.pid(), "root");
  }

  /** Where CRIU finds the container's mounts, in its own mount namespace only. */
  public static Path stage(RunDirectory run) {
    return run.path().resolve("stage");
  }

  /** The container's root in the stage. */
  public static Path stagedRoot(RunDirectory run) {
    return stage(run).resolve(PlaceholderPlan.ROOT);
  }

  /**
   * Checks that the container has not ended.
   *
   * @throws PhaseFailure if it has
   */
  public void requireAlive() throws IOException {
    if (!init.isAlive(proc)) {
      throw new PhaseFailure(
          PhaseFailure.UNAVAILABLE,
          "the container to restore into has ended (pid " + init.pid() + ")");
    }
  }

  /**
   * Checks that this is the first process of a container: files would be written over those of this
   * machine otherwise, or of who knows which process.
   *
   * @throws PhaseFailure if it is something else, saying what
   */
  public void requireContainer() throws IOException {
    requireAlive();
    if (init.pid() == HOST_INIT) {
      throw noContainer("it is this machine's own first process");
    }
    List<Integer> pids = NamespacePids.read(proc, init.pid());
    if (pids.size() == 1) {
      throw noContainer("it is a process of this machine, in no PID namespace of its own");
    }
    int innermost = pids.get(pids.size() - 1);
    if (innermost != FIRST) {
      throw noContainer("it is process " + innermost + " of its container, and not the first one");
    }
    if (hasMountsOf((int) ProcessHandle.current().pid()) || hasMountsOfTheHost()) {
      throw noContainer("it has this machine's mounts, and no root of its own");
    }
    requireAlive();
  }

  private boolean hasMountsOf(int pid) throws IOException {
    return new ProcNamespaces(proc).same(init.pid(), pid, NamespaceKind.MNT);
  }

  private boolean hasMountsOfTheHost() throws IOException {
    requireAlive();
    try {
      return hasMountsOf(HOST_INIT);
    } catch (ProcReadException e) {
      // A root within a container may not look at it; then its own mounts are what is compared.
      return false;
    }
  }

  private PhaseFailure noContainer(String why) throws IOException {
    return new PhaseFailure(
        PhaseFailure.CONFIG,
        String.format(
            "pid %d (%s) is no container to restore into: %s; name a container's first process",
            init.pid(), ProcStat.read(proc, init.pid()).comm(), why));
  }

  /** Puts a process, whose children follow it, into the container's control groups. */
  public void takeIntoCgroups(ProcessIdentity process) throws IOException {
    MountTable host = MountTable.read(proc, process.pid());
    for (CgroupHierarchy hierarchy : ProcCgroup.read(proc, init.pid()).hierarchies()) {
      String name = String.join(",", hierarchy.controllers().stream().sorted().toList());
      Optional<BytePath> group = CgroupMount.directory(name, hierarchy.path(), host);
      if (group.isPresent()) {
        Files.writeString(
            group.get().toHostPath().resolve("cgroup.procs"),
            Integer.toString(process.pid()),
            StandardOpenOption.WRITE);
      }
    }
  }

  /**
   * Tells the host PID of a process that CRIU names by its PID in the container.
   *
   * @param criu whose child it is
   */
  public int hostPid(int pid, ProcessIdentity criu) throws IOException {
    int level = NamespacePids.read(proc, init.pid()).size() - 1;
    for (int candidate : ProcessTree.pids(proc, criu.pid())) {
      try {
        List<Integer> pids = NamespacePids.read(proc, candidate);
        if (pids.size() > level && pids.get(level) == pid) {
          return candidate;
        }
      } catch (ProcessGoneException e) {
        // One of CRIU's own, such as tar.
      }
    }
    throw new PhaseFailure(
        PhaseFailure.IO, "process " + pid + " of the container has ended during its restore");
  }
}
