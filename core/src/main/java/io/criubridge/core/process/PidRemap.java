// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.process;

import io.criubridge.core.proc.ProcessDetails;
import io.criubridge.core.proc.ProcessTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds for each dumped process the restored one. CRIU gives every process its old PID in the
 * namespace of the tree's root; how many namespaces lie outside of that one may differ after every
 * restore, so PIDs are compared at the root's depth and never counted from the outside.
 */
public final class PidRemap {

  private PidRemap() {}

  /**
   * Maps dump-time PIDs to observed ones, in the order of {@code dumped}.
   *
   * <p>Seed: ResolveManifestPIDsToObservedPIDs (which takes exactly two namespaces for granted, as
   * {@link TwoNamespacePidRemap} does)
   *
   * @param dumped the processes to find
   * @param restored the processes there are, the restored tree at least
   * @param pidNamespaceInode the PID namespace of the restored root
   * @return innermost PID at dump time to observed PID now
   * @throws PidRemapException listing every PID that is missing or not unique
   */
  public static Map<Integer, Integer> resolve(
      List<DumpedProcess> dumped,
      ProcessTable restored,
      long pidNamespaceInode,
      NestedNamespaces nested)
      throws PidRemapException {
    Candidates candidates = Candidates.of(restored, pidNamespaceInode, nested);
    Map<Integer, Integer> remap = new LinkedHashMap<>();
    List<DumpedProcess> missing = new ArrayList<>();
    TreeSet<Integer> duplicates = new TreeSet<>();
    for (DumpedProcess process : dumped) {
      int pid = process.innermostPid();
      Integer observed = candidates.observedByPid.get(pid);
      if (observed == null) {
        missing.add(process);
      } else if (candidates.ambiguous.contains(pid) || remap.put(pid, observed) != null) {
        duplicates.add(pid);
      }
    }
    if (!missing.isEmpty() || !duplicates.isEmpty()) {
      throw new PidRemapException(
          "cannot map PIDs of pid:[%d]: not restored %s, more than once %s"
              .formatted(pidNamespaceInode, missing, duplicates),
          missing.stream().map(DumpedProcess::innermostPid).toList(),
          List.copyOf(duplicates));
    }
    return remap;
  }

  /** Restored processes by their PID in the root's namespace, and the PIDs that several have. */
  private record Candidates(Map<Integer, Integer> observedByPid, Set<Integer> ambiguous) {

    static Candidates of(ProcessTable restored, long namespace, NestedNamespaces nested) {
      Candidates candidates = new Candidates(new HashMap<>(), new HashSet<>());
      OptionalInt depth =
          restored.processes().stream()
              .filter(p -> p.pidNamespaceInode() == namespace)
              .mapToInt(ProcessDetails::namespaceDepth)
              .findFirst();
      if (depth.isEmpty()) {
        return candidates;
      }
      Set<Long> namespaces =
          switch (nested) {
            case IGNORE -> Set.of(namespace);
            case INCLUDE -> ProcessTree.namespacesBelow(namespace, restored);
          };
      for (ProcessDetails process : restored.processes()) {
        if (namespaces.contains(process.pidNamespaceInode())) {
          int pid = process.namespacePids().get(depth.getAsInt() - 1);
          if (candidates.observedByPid.putIfAbsent(pid, process.observedPid()) != null) {
            candidates.ambiguous.add(pid);
          }
        }
      }
      return candidates;
    }
  }
}
