// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images;

import com.google.protobuf.ByteString;
import io.criubridge.images.proto.core_entry;
import io.criubridge.images.proto.pstree_entry;
import io.criubridge.images.proto.task_core_entry;
import io.criubridge.images.proto.task_kobj_ids_entry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A process of a checkpoint. All pids are those of the PID namespace that the root process lived
 * in: the images hold no others. Source: images/pstree.proto, images/core.proto.
 *
 * @param parentPid 0 for the root process
 * @param processGroup 0 if its leader is outside the namespace
 * @param session 0 if its leader is outside the namespace
 * @param threads the pids of all threads, the process's own among them, and the only one if it has
 *     ended
 * @param exitCode as wait(2) gives it; of meaning to ended processes only
 * @param command the kernel's name of the process, at most 15 bytes of the process's own choice
 * @param ids its kernel objects; none if it has ended
 */
public record CheckpointedProcess(
    int pid,
    int parentPid,
    int processGroup,
    int session,
    List<Integer> threads,
    TaskState state,
    int exitCode,
    ByteString command,
    Optional<KernelObjectIds> ids) {

  /** Keeps its own copy of the threads. */
  public CheckpointedProcess {
    threads = List.copyOf(threads);
  }

  static List<CheckpointedProcess> readAll(ImageSet set) throws IOException {
    String name = ImageType.PSTREE.fileName().name();
    List<CheckpointedProcess> processes = new ArrayList<>();
    Set<Integer> pids = new HashSet<>();
    for (ImageEntry entry : set.entries(name)) {
      pstree_entry node = (pstree_entry) entry.message();
      boolean inPlace = pids.isEmpty() ? node.getPpid() == 0 : pids.contains(node.getPpid());
      if (node.getPid() <= 0 || !inPlace || !pids.add(node.getPid())) {
        throw new ImageFormatException(
            set.file(name),
            entry.offset(),
            "a new process below one before it",
            "process %d below %d".formatted(node.getPid(), node.getPpid()));
      }
      processes.add(read(set, node));
    }
    if (processes.isEmpty()) {
      throw new ImageFormatException(set.file(name), 0, "a process", "none");
    }
    return processes;
  }

  private static CheckpointedProcess read(ImageSet set, pstree_entry node) throws IOException {
    String coreName = ImageType.CORE.fileName().name(node.getPid());
    core_entry core = set.required(coreName, core_entry.class);
    task_core_entry task = core.getTc();
    TaskState state = state(set.file(coreName), task.getTaskState());
    return new CheckpointedProcess(
        node.getPid(),
        node.getPpid(),
        node.getPgid(),
        node.getSid(),
        // CRIU writes uninitialised memory for the thread of a process that has ended.
        state.hasEnded() ? List.of(node.getPid()) : node.getThreadsList(),
        state,
        task.getExitCode(),
        task.getCommBytes(),
        set.optional(ImageType.IDS.fileName().name(node.getPid()), task_kobj_ids_entry.class)
            .or(() -> core.hasIds() ? Optional.of(core.getIds()) : Optional.empty())
            .map(KernelObjectIds::of));
  }

  private static TaskState state(Path core, int number) throws ImageFormatException {
    return TaskState.of(number)
        .orElseThrow(
            () ->
                new ImageFormatException(core, 0, "the core of a process", "task state " + number));
  }
}
