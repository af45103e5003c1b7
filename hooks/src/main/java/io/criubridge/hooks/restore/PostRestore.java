// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.restore;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.criubridge.core.checkpoint.CheckpointLayout;
import io.criubridge.core.checkpoint.CheckpointManifest;
import io.criubridge.core.checkpoint.ProcessRecord;
import io.criubridge.core.proc.ProcStat;
import io.criubridge.core.proc.ProcessDetails;
import io.criubridge.core.proc.ProcessTable;
import io.criubridge.core.process.DumpedProcess;
import io.criubridge.core.process.NestedNamespaces;
import io.criubridge.core.process.PidRemap;
import io.criubridge.core.process.ProcessTree;
import io.criubridge.core.sys.PublishedFile;
import io.criubridge.hooks.CriuRun;
import io.criubridge.hooks.PhaseContext;
import io.criubridge.hooks.PhaseHandler;
import io.criubridge.hooks.Report;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** When all processes exist and none runs yet: says which PID each of them has now. */
final class PostRestore implements PhaseHandler {

  private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

  private final CheckedCheckpoint checkpoint;

  PostRestore(CheckedCheckpoint checkpoint) {
    this.checkpoint = checkpoint;
  }

  @Override
  public void run(PhaseContext context, Report report) throws IOException {
    CriuRun run = context.run();
    CheckpointManifest manifest = checkpoint.get(run);
    int initPid = context.requiredInitPid();
    ProcStat.requireAlive(run.proc(), initPid);
    ProcessTable restored = ProcessTable.read(run.proc(), ProcessTree.pids(run.proc(), initPid));
    Map<Integer, Integer> hostPids =
        PidRemap.resolve(
            manifest.processes().stream()
                .map(process -> new DumpedProcess(process.rootPid(), process.command()))
                .toList(),
            restored,
            ProcessDetails.read(run.proc(), initPid).pidNamespaceInode(),
            NestedNamespaces.INCLUDE);
    PublishedFile.write(
        run.workDirectory().resolve(CheckpointLayout.PIDS),
        json(manifest.processes(), hostPids).getBytes(UTF_8),
        0600);
    report.line("%d processes restored, root task is pid %d", hostPids.size(), initPid);
  }

  private static String json(List<ProcessRecord> dumped, Map<Integer, Integer> hostPids) {
    JsonArray processes = new JsonArray();
    for (ProcessRecord process : dumped) {
      JsonObject entry = new JsonObject();
      entry.addProperty("pid", process.rootPid());
      entry.addProperty("command", process.command());
      entry.addProperty("dumpHostPid", process.nsPids().get(0));
      entry.addProperty("hostPid", hostPids.get(process.rootPid()));
      processes.add(entry);
    }
    JsonObject document = new JsonObject();
    document.add("processes", processes);
    return GSON.toJson(document) + "\n";
  }
}
