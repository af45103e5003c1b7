// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.images;

import com.google.gson.JsonElement;
import com.google.protobuf.ByteString;
import io.criubridge.images.CheckpointedProcess;
import io.criubridge.images.ImageSet;
import io.criubridge.images.files.OpenFiles;
import io.criubridge.images.memory.ProcessMemory;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The process tree, with command lines from the memory. */
final class ProcessTreeView implements Explorer {

  @Override
  public void print(ImageSet set, Output output) throws IOException {
    OpenFiles files = OpenFiles.read(set);
    Map<Integer, List<CheckpointedProcess>> children = new HashMap<>();
    for (CheckpointedProcess process : set.processes()) {
      children.computeIfAbsent(process.parentPid(), pid -> new ArrayList<>()).add(process);
    }
    Table table = new Table(" PID", " PGID", " SID", "STATE", " THREADS", "COMMAND");
    Deque<Node> open = new ArrayDeque<>();
    open.add(new Node(set.processes().get(0), "", ""));
    while (!open.isEmpty()) {
      Node node = open.pop();
      CheckpointedProcess process = node.process();
      table.row(
          process.pid(),
          process.processGroup(),
          process.session(),
          state(process),
          process.threads().size(),
          node.branch() + Printable.text(process.command()) + arguments(process, set, files));
      List<CheckpointedProcess> below = children.getOrDefault(process.pid(), List.of());
      for (int i = below.size() - 1; i >= 0; i--) {
        boolean last = i == below.size() - 1;
        open.push(
            new Node(
                below.get(i),
                node.trunk() + output.branch(last),
                node.trunk() + output.trunk(last)));
      }
    }
    table.print(output);
  }

  /** A process in the tree, and the lines before it and before what is below it. */
  private record Node(CheckpointedProcess process, String branch, String trunk) {}

  @Override
  public JsonElement json(ImageSet set) throws IOException {
    OpenFiles files = OpenFiles.read(set);
    List<Json> processes = new ArrayList<>();
    for (CheckpointedProcess process : set.processes()) {
      Optional<ProcessMemory> memory = memory(process, set, files);
      Optional<List<ByteString>> arguments =
          memory.isEmpty() ? Optional.empty() : memory.get().arguments();
      Optional<List<ByteString>> environment =
          memory.isEmpty() ? Optional.empty() : memory.get().environment();
      processes.add(
          Json.object()
              .with("pid", process.pid())
              .with("parentPid", process.parentPid())
              .with("processGroup", process.processGroup())
              .with("session", process.session())
              .with("state", state(process))
              .with("exitCode", process.exitCode())
              .with("threads", process.threads())
              .with("command", process.command())
              .with("arguments", arguments)
              .with("environment", environment));
    }
    return Json.of(processes);
  }

  static String state(CheckpointedProcess process) {
    return process.state().name().toLowerCase(Locale.ROOT);
  }

  static Optional<ProcessMemory> memory(CheckpointedProcess process, ImageSet set, OpenFiles files)
      throws IOException {
    return process.state().hasEnded()
        ? Optional.empty()
        : Optional.of(ProcessMemory.of(set, files, process.pid()));
  }

  private static String arguments(CheckpointedProcess process, ImageSet set, OpenFiles files)
      throws IOException {
    Optional<ProcessMemory> memory = memory(process, set, files);
    return memory.isEmpty() ? "" : arguments(memory.get());
  }

  static String arguments(ProcessMemory memory) throws IOException {
    return memory
        .arguments()
        .filter(list -> !list.isEmpty())
        .map(list -> list.stream().map(Printable::text).collect(Collectors.joining(" ", ": ", "")))
        .orElse("");
  }
}
