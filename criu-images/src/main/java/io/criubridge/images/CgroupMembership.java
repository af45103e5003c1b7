// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images;

import com.google.protobuf.ByteString;
import io.criubridge.images.proto.cg_member_entry;
import io.criubridge.images.proto.cg_set_entry;
import io.criubridge.images.proto.cgroup_entry;
import io.criubridge.images.proto.core_entry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * A control group in one hierarchy, and who is in it. Source: images/cgroup.proto, cg_set_entry;
 * images/core.proto, cg_set.
 *
 * @param hierarchy as in {@code /proc/PID/cgroup}: controllers, {@code name=...}, or empty for
 *     cgroup v2
 * @param path from the hierarchy's root
 * @param pids of the processes in it, as in {@link CheckpointedProcess#pid()}; other threads of
 *     theirs may be elsewhere
 */
public record CgroupMembership(String hierarchy, ByteString path, List<Integer> pids) {

  /** Keeps its own copy of the pids. */
  public CgroupMembership {
    pids = List.copyOf(pids);
  }

  static List<CgroupMembership> readAll(ImageSet set) throws IOException {
    List<CheckpointedProcess> processes = set.processes();
    List<CgroupMembership> memberships = new ArrayList<>();
    for (ImageEntry entry : set.entries(ImageType.CGROUP.fileName().name())) {
      for (cg_set_entry groups : ((cgroup_entry) entry.message()).getSetsList()) {
        List<Integer> pids = new ArrayList<>();
        for (CheckpointedProcess process : processes) {
          if (setOf(set, process).equals(OptionalLong.of(groups.getId()))) {
            pids.add(process.pid());
          }
        }
        for (cg_member_entry member : groups.getCtlsList()) {
          memberships.add(new CgroupMembership(member.getName(), member.getPathBytes(), pids));
        }
      }
    }
    return memberships;
  }

  /** CRIU once had it in the task, and has it in each thread since 3.18. */
  private static OptionalLong setOf(ImageSet set, CheckpointedProcess process) throws IOException {
    core_entry core = set.required(ImageType.CORE.fileName().name(process.pid()), core_entry.class);
    if (core.getThreadCore().hasCgSet()) {
      return OptionalLong.of(core.getThreadCore().getCgSet());
    }
    return core.getTc().hasCgSet()
        ? OptionalLong.of(core.getTc().getCgSet())
        : OptionalLong.empty();
  }
}
