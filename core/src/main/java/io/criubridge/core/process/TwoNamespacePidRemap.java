// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.process;

import static java.util.stream.Collectors.groupingBy;

import io.criubridge.core.proc.ProcessDetails;
import io.criubridge.core.proc.ProcessTable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The mapping of {@link PidRemap} as the Go snapshot agent does it, for callers that rely on its
 * limits: the processes are those below the restored root, and each of them has to be in exactly
 * two PID namespaces, the proc file system's and the container's. A container with a sandbox in it,
 * or restored in a nested namespace, is refused.
 */
public final class TwoNamespacePidRemap {
  private static final int DEPTH = 2;

  private TwoNamespacePidRemap() {}

  /**
   * Finds dumped processes among the restored ones.
   *
   * @param restored the processes there are, the restored tree at least
   * @param rootPid the restored root, as the table numbers it
   * @param dumpedPids innermost PIDs at dump time
   * @return observed PIDs, in the order of {@code dumpedPids}
   * @throws PidRemapException if the root or a dumped process is missing, if two restored ones have
   *     one innermost PID, or if one is not in exactly two PID namespaces
   */
  public static List<Integer> resolve(ProcessTable restored, int rootPid, List<Integer> dumpedPids)
      throws PidRemapException {
    Map<Integer, Integer> observedByPid = observedByPid(restored, rootPid);
    List<Integer> missing =
        dumpedPids.stream().filter(pid -> !observedByPid.containsKey(pid)).toList();
    if (!missing.isEmpty()) {
      throw new PidRemapException(
          "cannot map PIDs: below process " + rootPid + " there is none with the PIDs " + missing,
          missing,
          List.of());
    }
    return dumpedPids.stream().map(observedByPid::get).toList();
  }

  private static Map<Integer, Integer> observedByPid(ProcessTable restored, int rootPid)
      throws PidRemapException {
    Map<Integer, Integer> observedByPid = new HashMap<>();
    for (ProcessDetails process : below(restored, rootPid)) {
      if (process.namespaceDepth() != DEPTH) {
        throw new PidRemapException(
            "cannot map PIDs: restored process %d is in %d PID namespaces, not %d"
                .formatted(process.observedPid(), process.namespaceDepth(), DEPTH),
            List.of(),
            List.of());
      }
      if (observedByPid.put(process.innermostPid(), process.observedPid()) != null) {
        throw new PidRemapException(
            "cannot map PIDs: several restored processes have the PID " + process.innermostPid(),
            List.of(),
            List.of(process.innermostPid()));
      }
    }
    return observedByPid;
  }

  private static List<ProcessDetails> below(ProcessTable restored, int rootPid)
      throws PidRemapException {
    Map<Integer, List<ProcessDetails>> children =
        restored.processes().stream().collect(groupingBy(ProcessDetails::parentPid));
    Deque<ProcessDetails> queue = new ArrayDeque<>();
    restored.find(rootPid).ifPresent(queue::add);
    if (queue.isEmpty()) {
      throw new PidRemapException(
          "cannot map PIDs: the restored root, process " + rootPid + ", is not there",
          List.of(),
          List.of());
    }
    List<ProcessDetails> found = new ArrayList<>();
    while (!queue.isEmpty()) {
      ProcessDetails process = queue.remove();
      found.add(process);
      queue.addAll(children.getOrDefault(process.observedPid(), List.of()));
    }
    return found;
  }
}
