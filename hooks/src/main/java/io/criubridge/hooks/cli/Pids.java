// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli;

import io.criubridge.core.checkpoint.CheckpointLayout;
import io.criubridge.core.checkpoint.CheckpointManifest;
import io.criubridge.core.proc.DeadProcessException;
import io.criubridge.core.proc.ProcFs;
import io.criubridge.core.proc.ProcStat;
import io.criubridge.core.proc.ProcessDetails;
import io.criubridge.core.proc.ProcessGoneException;
import io.criubridge.core.sys.PathText;
import io.criubridge.hooks.PidMap;
import io.criubridge.hooks.cli.images.Json;
import io.criubridge.hooks.cli.images.Output;
import io.criubridge.hooks.cli.images.OutputOptions;
import io.criubridge.hooks.cli.images.Table;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code criu-bridge pids}: shows which PID each process had at dump, and which it has now. */
@Command(
    name = "pids",
    description = {
      "Shows the PIDs of a checkpoint's processes: in the container, on the host at dump, and on"
          + " the host since the restore.",
      "The map is made by a restore, in CRIU's work directory (pids.json); without one, only the"
          + " PIDs at dump are known, from the manifest."
    },
    mixinStandardHelpOptions = true)
final class Pids implements Callable<Integer> {

  @Parameters(paramLabel = "DIR", description = "CRIU's work directory, or its image directory.")
  private Path directory = Path.of(".");

  @Mixin private final OutputOptions options = new OutputOptions();

  /** A process, since its restore if there was one. */
  private record Row(int pid, int dumpHostPid, Optional<Integer> hostPid, String command) {

    /** Whether the host has a process of this PID that has the same one in its container. */
    boolean isRunning() throws IOException {
      if (hostPid.isEmpty()) {
        return false;
      }
      try {
        ProcStat.requireAlive(ProcFs.HOST, hostPid.get());
        return ProcessDetails.read(ProcFs.HOST, hostPid.get()).namespacePids().contains(pid);
      } catch (ProcessGoneException | DeadProcessException e) {
        return false;
      }
    }

    String state() throws IOException {
      return hostPid.isEmpty() ? "not restored" : isRunning() ? "running" : "gone";
    }
  }

  @Override
  public Integer call() throws IOException {
    List<Row> rows = rows();
    Output output = options.output();
    if (options.json()) {
      json(rows, output);
    } else {
      print(rows, output);
    }
    output.flush();
    return 0;
  }

  private List<Row> rows() throws IOException {
    Optional<PidMap> map = PidMap.find(directory.resolve(CheckpointLayout.PIDS));
    if (map.isPresent()) {
      return map.get().processes().stream()
          .map(p -> new Row(p.pid(), p.dumpHostPid(), Optional.of(p.hostPid()), p.command()))
          .toList();
    }
    return CheckpointManifest.read(new CheckpointLayout(directory)).processes().stream()
        .map(p -> new Row(p.rootPid(), p.nsPids().get(0), Optional.empty(), p.command()))
        .toList();
  }

  private static void print(List<Row> rows, Output output) throws IOException {
    Table table = new Table(" PID", " AT DUMP", " NOW", "STATE", "COMMAND");
    for (Row row : rows) {
      table.row(
          row.pid(),
          row.dumpHostPid(),
          row.hostPid().map(String::valueOf).orElse("-"),
          row.state(),
          PathText.printable(row.command()));
    }
    table.print(output);
  }

  private static void json(List<Row> rows, Output output) throws IOException {
    List<Json> processes = new ArrayList<>();
    for (Row row : rows) {
      processes.add(
          Json.object()
              .with("pid", row.pid())
              .with("dumpHostPid", row.dumpHostPid())
              .with("hostPid", row.hostPid())
              .with("state", row.state())
              .with("command", row.command()));
    }
    output.json(Json.of(processes));
  }
}
