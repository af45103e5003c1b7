// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.process;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.criubridge.core.proc.NamespaceKind;
import io.criubridge.core.proc.NamespacePids;
import io.criubridge.core.proc.ProcFs;
import io.criubridge.core.proc.ProcNamespaces;
import io.criubridge.core.proc.ProcessDetails;
import io.criubridge.core.proc.ProcessGoneException;
import io.criubridge.core.proc.ProcessTable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The processes of a container, found from its first one. */
public final class ProcessTree {

  private ProcessTree() {}

  /**
   * Lists a process and all its descendants, parents first; what CRIU dumps. Complete only while no
   * process of the tree forks or exits, as under freeze; one that exits meanwhile is left out.
   *
   * <p>Seed: ProcessTreePIDs. Source: proc_tid_children(5)
   *
   * @throws ProcessGoneException if the root itself has exited
   */
  public static List<Integer> pids(ProcFs procFs, int rootPid) throws IOException {
    Set<Integer> found = new LinkedHashSet<>();
    Deque<Integer> queue = new ArrayDeque<>(childrenOf(procFs, rootPid));
    found.add(rootPid);
    while (!queue.isEmpty()) {
      int pid = queue.remove();
      try {
        List<Integer> children = childrenOf(procFs, pid);
        if (found.add(pid)) {
          queue.addAll(children);
        }
      } catch (ProcessGoneException e) {
        // It was there when its parent was asked; its own children are now its reaper's.
      }
    }
    return List.copyOf(found);
  }

  /**
   * Lists all processes in the PID namespace of a process and in the namespaces below it, in
   * ascending order: the tree, and those put into the container from outside ({@code exec}), whose
   * parents are elsewhere. If the namespace is the host's, that is every process there.
   *
   * @throws ProcessGoneException if the root itself has exited
   */
  public static List<Integer> pidsInNamespaceOf(ProcFs procFs, int rootPid) throws IOException {
    long root = new ProcNamespaces(procFs).inode(rootPid, NamespaceKind.PID);
    ProcessTable table =
        ProcessTable.read(procFs, pidsAtDepth(procFs, NamespacePids.read(procFs, rootPid).size()));
    Set<Long> namespaces = namespacesBelow(root, table);
    return table.processes().stream()
        .filter(process -> namespaces.contains(process.pidNamespaceInode()))
        .map(ProcessDetails::observedPid)
        .sorted()
        .toList();
  }

  /**
   * All processes that deep or deeper. Those outside may be more privileged than this program,
   * which then is not allowed to read their namespaces.
   */
  private static List<Integer> pidsAtDepth(ProcFs procFs, int depth) throws IOException {
    List<Integer> pids = new ArrayList<>();
    for (int pid : procFs.pids()) {
      try {
        if (NamespacePids.read(procFs, pid).size() >= depth) {
          pids.add(pid);
        }
      } catch (ProcessGoneException e) {
        // It has exited since it was listed.
      }
    }
    return pids;
  }

  /**
   * A namespace is below another if one of its processes has a parent there: a process can only
   * enter namespaces below its own.
   */
  static Set<Long> namespacesBelow(long root, ProcessTable table) {
    Map<Integer, Long> namespaceOf = new HashMap<>();
    table.processes().forEach(p -> namespaceOf.put(p.observedPid(), p.pidNamespaceInode()));
    Map<Long, Set<Long>> inner = new HashMap<>();
    for (ProcessDetails process : table.processes()) {
      Long outer = namespaceOf.get(process.parentPid());
      if (outer != null && outer != process.pidNamespaceInode()) {
        inner.computeIfAbsent(outer, o -> new HashSet<>()).add(process.pidNamespaceInode());
      }
    }
    Set<Long> known = new HashSet<>();
    Deque<Long> queue = new ArrayDeque<>(List.of(root));
    while (!queue.isEmpty()) {
      long namespace = queue.remove();
      if (known.add(namespace)) {
        queue.addAll(inner.getOrDefault(namespace, Set.of()));
      }
    }
    return known;
  }

  private static List<Integer> childrenOf(ProcFs procFs, int pid) throws IOException {
    List<Integer> children = new ArrayList<>();
    for (int tid : procFs.threads(pid)) {
      try {
        String file = "task/" + tid + "/children";
        for (String child : new String(procFs.read(pid, file), US_ASCII).trim().split(" +", -1)) {
          if (!child.isEmpty()) {
            children.add(Integer.valueOf(child));
          }
        }
      } catch (ProcessGoneException e) {
        // The thread has exited; the kernel gave its children to another one of the process.
      }
    }
    return children;
  }
}
