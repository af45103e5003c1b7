// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.proc;

import io.criubridge.fixtures.Fixtures;
import java.io.IOException;
import java.util.List;
import java.util.function.Predicate;

/** The recorded proc trees, and the processes in them by what they are. */
public final class RecordedProc {

  private RecordedProc() {}

  /** A recorded tree. */
  public static ProcFs of(String tree) {
    return new ProcFs(Fixtures.path("proc/" + tree + "/proc"));
  }

  /** The only process of a tree. */
  public static int onlyPid(ProcFs procFs) throws IOException {
    List<Integer> pids = procFs.pids();
    if (pids.size() != 1) {
      throw new AssertionError("expected one process, not " + pids);
    }
    return pids.get(0);
  }

  /** The only process that is as asked. */
  public static ProcessDetails only(ProcFs procFs, Predicate<ProcessDetails> wanted)
      throws IOException {
    List<ProcessDetails> found =
        ProcessTable.readAll(procFs).processes().stream().filter(wanted).toList();
    if (found.size() != 1) {
      throw new AssertionError("expected one process, not " + found);
    }
    return found.get(0);
  }

  /** The mounts of the only process of a tree. */
  public static MountTable mounts(String tree) throws IOException {
    ProcFs procFs = of(tree);
    return MountTable.read(procFs, onlyPid(procFs));
  }
}
