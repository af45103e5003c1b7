// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.dump;

import io.criubridge.core.checkpoint.ProcessRecord;
import io.criubridge.core.checkpoint.StreamRecord;
import io.criubridge.core.proc.ProcFs;
import io.criubridge.core.proc.ProcessDetails;
import io.criubridge.core.proc.ProcessTable;
import io.criubridge.core.process.ProcessTree;
import io.criubridge.hooks.PhaseFailure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What the manifest tells of a container's tasks.
 *
 * @param streams standard streams that are files of the host
 * @param processes all of its tree, with their PIDs as a restore has to make them
 */
record FrozenTasks(List<StreamRecord> streams, List<ProcessRecord> processes) {

  /** Copies the lists. */
  FrozenTasks {
    streams = List.copyOf(streams);
    processes = List.copyOf(processes);
  }

  /** Reads it of tasks that stand still. */
  static FrozenTasks read(ProcFs proc, DumpTarget target) throws IOException {
    List<Integer> pids = ProcessTree.pids(proc, target.init().pid());
    ProcessTable table = ProcessTable.read(proc, pids);
    int depth = rootDepth(table, target.init().pid());
    List<ProcessRecord> processes = new ArrayList<>();
    for (ProcessDetails process : table.processes()) {
      processes.add(
          new ProcessRecord(
              process.namespacePids().get(depth), process.namespacePids(), process.comm()));
    }
    return new FrozenTasks(StandardStreams.find(proc, target), processes);
  }

  /** Index, among a process's PIDs, of the one in the root task's PID namespace. */
  private static int rootDepth(ProcessTable table, int initPid) throws PhaseFailure {
    return table
            .find(initPid)
            .orElseThrow(
                () ->
                    new PhaseFailure(
                        PhaseFailure.IO, "the root task (pid " + initPid + ") is gone"))
            .namespaceDepth()
        - 1;
  }
}
