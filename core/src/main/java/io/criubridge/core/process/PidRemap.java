// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.process;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import io.criubridge.core.proc.ProcessDetails;
import io.criubridge.core.proc.ProcessTable;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
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
    Map<Integer, List<Integer>> observedByPid = observedByPid(restored, pidNamespaceInode, nested);
    Map<Integer, Integer> remap = new LinkedHashMap<>();
    TreeSet<Integer> duplicates = new TreeSet<>();
    for (DumpedProcess process : dumped) {
      List<Integer> observed = observedByPid.getOrDefault(process.innermostPid(), List.of());
      if (observed.size() > 1 || remap.containsKey(process.innermostPid())) {
        duplicates.add(process.innermostPid());
      } else if (observed.size() == 1) {
        remap.put(process.innermostPid(), observed.get(0));
      }
    }
    List<DumpedProcess> missing =
        dumped.stream().filter(p -> !observedByPid.containsKey(p.innermostPid())).toList();
    if (!missing.isEmpty() || !duplicates.isEmpty()) {
      throw new PidRemapException(
          "cannot map PIDs of pid:[%d]: not restored %s, more than once %s"
              .formatted(pidNamespaceInode, missing, duplicates),
          missing.stream().map(DumpedProcess::innermostPid).toList(),
          List.copyOf(duplicates));
    }
    return remap;
  }

  /** Restored processes by their PID in the root's namespace. */
  private static Map<Integer, List<Integer>> observedByPid(
      ProcessTable restored, long namespace, NestedNamespaces nested) {
    OptionalInt depth =
        restored.processes().stream()
            .filter(p -> p.pidNamespaceInode() == namespace)
            .mapToInt(ProcessDetails::namespaceDepth)
            .findFirst();
    if (depth.isEmpty()) {
      return Map.of();
    }
    Collection<Long> namespaces =
        switch (nested) {
          case IGNORE -> List.of(namespace);
          case INCLUDE -> ProcessTree.namespacesBelow(namespace, restored);
        };
    return restored.processes().stream()
        .filter(p -> namespaces.contains(p.pidNamespaceInode()))
        .collect(
            groupingBy(
                p -> p.namespacePids().get(depth.getAsInt() - 1),
                mapping(ProcessDetails::observedPid, toList())));
  }
}
