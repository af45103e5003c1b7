// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A namespace that processes of a checkpoint live in. Source: images/core.proto,
 * task_kobj_ids_entry.
 *
 * @param id its number, by which its images are named
 * @param dumped whether it was dumped: otherwise it is the one CRIU lived in, and at restore the
 *     processes come to live in that of the CRIU there
 * @param pids of the processes in it, as in {@link CheckpointedProcess#pid()}
 */
public record Namespace(Kind kind, long id, boolean dumped, List<Integer> pids) {

  /** Keeps its own copy of the pids. */
  public Namespace {
    pids = List.copyOf(pids);
  }

  /** The kinds of namespaces. */
  public enum Kind {
    /** Of process numbers. */
    PID,
    /** Of network interfaces, addresses and sockets. */
    NETWORK,
    /** Of System V IPC and message queues. */
    IPC,
    /** Of the host's name. */
    UTS,
    /** Of mounts. */
    MOUNT,
    /** Of users. */
    USER,
    /** Of control groups. */
    CGROUP,
    /** Of clocks. */
    TIME;

    /** The namespace of this kind; none in images of a CRIU that did not know the kind. */
    OptionalLong of(KernelObjectIds ids) {
      return switch (this) {
        case PID -> ids.pidNamespace();
        case NETWORK -> ids.networkNamespace();
        case IPC -> ids.ipcNamespace();
        case UTS -> ids.utsNamespace();
        case MOUNT -> ids.mountNamespace();
        case USER -> ids.userNamespace();
        case CGROUP -> ids.cgroupNamespace();
        case TIME -> ids.timeNamespace();
      };
    }
  }

  static List<Namespace> readAll(ImageSet set) throws IOException {
    Optional<KernelObjectIds> criu = set.inventory().rootIds();
    List<CheckpointedProcess> processes = set.processes();
    List<Namespace> namespaces = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      OptionalLong host = criu.map(kind::of).orElse(OptionalLong.empty());
      Map<Long, List<Integer>> members = new LinkedHashMap<>();
      for (CheckpointedProcess process : processes) {
        OptionalLong id = process.ids().map(kind::of).orElse(OptionalLong.empty());
        if (id.isPresent()) {
          members.computeIfAbsent(id.getAsLong(), key -> new ArrayList<>()).add(process.pid());
        }
      }
      members.forEach(
          (id, pids) ->
              namespaces.add(new Namespace(kind, id, !host.equals(OptionalLong.of(id)), pids)));
    }
    return namespaces;
  }
}
