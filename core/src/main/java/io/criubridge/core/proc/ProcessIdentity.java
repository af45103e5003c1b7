// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.proc;

import java.io.IOException;

/**
 * One process, told from a later one with the same PID by its start time. The kernel hands out PIDs
 * in turn, so that one comes again many clock ticks later; only the privileged {@code set_tid} of
 * clone3(2) can choose one.
 *
 * @param pid the process, as the proc file system numbers it
 * @param startTimeTicks when it started, in clock ticks since boot
 */
public record ProcessIdentity(int pid, long startTimeTicks) {

  /**
   * Reads who a process is.
   *
   * @throws ProcessGoneException if the process has exited
   */
  public static ProcessIdentity of(ProcFs procFs, int pid) throws IOException {
    return new ProcessIdentity(pid, ProcStat.read(procFs, pid).startTimeTicks());
  }

  /**
   * Makes sure that the PID still means this process, be it running or a zombie.
   *
   * @throws ProcessGoneException if it has exited, whether or not another has its PID by now
   */
  public void requireSame(ProcFs procFs) throws IOException {
    if (ProcStat.read(procFs, pid).startTimeTicks() != startTimeTicks) {
      throw new ProcessGoneException(
          "read",
          procFs.path(pid, "stat"),
          pid,
          new IOException("this PID means another process by now"));
    }
  }

  /** Whether this very process still runs; a zombie does not. */
  public boolean isAlive(ProcFs procFs) throws IOException {
    try {
      ProcStat stat = ProcStat.read(procFs, pid);
      return stat.startTimeTicks() == startTimeTicks && !stat.hasEnded();
    } catch (ProcessGoneException e) {
      return false;
    }
  }
}
