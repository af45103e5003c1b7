// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Optional;

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
}
