// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.restore;

import static java.util.Objects.requireNonNull;

import io.criubridge.core.checkpoint.CheckpointLayout;
import io.criubridge.core.checkpoint.CheckpointManifest;
import io.criubridge.core.checkpoint.ProcessRecord;
import io.criubridge.core.proc.MountTable;
import io.criubridge.core.proc.ProcStat;
import io.criubridge.core.proc.ProcessDetails;
import io.criubridge.core.proc.ProcessTable;
import io.criubridge.core.process.DumpedProcess;
import io.criubridge.core.process.NestedNamespaces;
import io.criubridge.core.process.PidRemap;
import io.criubridge.core.process.ProcessTree;
import io.criubridge.hooks.CriuRun;
import io.criubridge.hooks.PhaseContext;
import io.criubridge.hooks.PhaseHandler;
import io.criubridge.hooks.PidMap;
import io.criubridge.hooks.Report;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * When all processes exist and none runs yet: makes sure of their mounts, and says which PID each
 * of them has now.
 */
final class PostRestore implements PhaseHandler {

  private final CheckedCheckpoint checkpoint;

  private final Optional<Placeholder> placeholder;

  PostRestore(CheckedCheckpoint checkpoint, Optional<Placeholder> placeholder) {
    this.checkpoint = checkpoint;
    this.placeholder = placeholder;
  }

  @Override
  public void run(PhaseContext context, Report report) throws IOException {
    CriuRun run = context.run();
    CheckpointManifest manifest = checkpoint.get(run);
    int initPid = context.requiredInitPid();
    ProcStat.requireAlive(run.proc(), initPid);
    if (placeholder.isEmpty()) {
      RecordedPath.requireMounted(
          PlanRestore.sources(run, manifest, Optional.empty()),
          MountTable.read(run.proc(), initPid),
          MountTable.read(run.proc(), run.criu().pid()));
    }
    ProcessTable restored = ProcessTable.read(run.proc(), ProcessTree.pids(run.proc(), initPid));
    Map<Integer, Integer> hostPids =
        PidRemap.resolve(
            manifest.processes().stream()
                .map(process -> new DumpedProcess(process.rootPid(), process.command()))
                .toList(),
            restored,
            ProcessDetails.read(run.proc(), initPid).pidNamespaceInode(),
            NestedNamespaces.INCLUDE);
    map(manifest.processes(), hostPids).write(run.workDirectory().resolve(CheckpointLayout.PIDS));
    report.line("%d processes restored, root task is pid %d", hostPids.size(), initPid);
  }

  private static PidMap map(List<ProcessRecord> dumped, Map<Integer, Integer> hostPids) {
    return new PidMap(
        dumped.stream()
            .map(
                process ->
                    new PidMap.Entry(
                        process.rootPid(),
                        process.command(),
                        process.nsPids().get(0),
                        requireNonNull(hostPids.get(process.rootPid()))))
            .toList());
  }
}
