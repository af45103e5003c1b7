// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.proc;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Processes at one moment, ordered by innermost, then observed PID.
 *
 * @param processes the processes
 */
public record ProcessTable(List<ProcessDetails> processes) {
  private static final Comparator<ProcessDetails> ORDER =
      Comparator.comparingInt(ProcessDetails::innermostPid)
          .thenComparingInt(ProcessDetails::observedPid);

  public ProcessTable {
    processes = processes.stream().sorted(ORDER).toList();
  }

  /**
   * Reads these processes. One that has exited since it was listed is left out; every other failure
   * is thrown.
   *
   * <p>For each process one directory is opened, three files are read with a single read each, and
   * one link: twelve system calls.
   */
  public static ProcessTable read(ProcFs procFs, Collection<Integer> pids) throws IOException {
    List<ProcessDetails> processes = new ArrayList<>();
    for (int pid : pids) {
      ProcessDetails.readIfPresent(procFs, pid).ifPresent(processes::add);
    }
    return new ProcessTable(processes);
  }

  /**
   * Reads all processes that the proc file system shows, as {@link #read} does. On a host's there
   * may be some more privileged than this program, whose namespaces it may not read.
   *
   * <p>Seed: ReadProcessTable
   */
  public static ProcessTable readAll(ProcFs procFs) throws IOException {
    return read(procFs, procFs.pids());
  }

  /** The process with this observed PID. */
  public Optional<ProcessDetails> find(int observedPid) {
    return processes.stream().filter(p -> p.observedPid() == observedPid).findFirst();
  }
}
