// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.process;

import io.criubridge.core.proc.ProcFs;
import io.criubridge.core.proc.ProcessIdentity;
import io.criubridge.core.sys.ErrnoException;
import io.criubridge.core.sys.PidFd;
import java.io.IOException;

/** Sends signals to single processes. Source: pidfd_open(2), pidfd_send_signal(2), signal(7) */
public final class ProcessSignal {

  private ProcessSignal() {}

  /**
   * Sends a signal to the process that has a PID now.
   *
   * <p>Seed: SendSignalToPID
   *
   * @param pid the process, as this program's own PID namespace numbers it
   * @param signal the signal's number; 0 only checks that the process is there
   * @throws ErrnoException ESRCH if there is no such process
   * @throws IllegalArgumentException if the PID is not positive, which kill(2) would take for a
   *     group of processes or for all
   */
  public static void send(int pid, int signal) throws ErrnoException {
    try (PidFd process = open(pid)) {
      process.signal(signal);
    }
  }

  /**
   * Sends a signal to a process found earlier, and to no other that has its PID by now.
   *
   * @param procFs a proc file system of this program's own PID namespace
   * @throws io.criubridge.core.proc.ProcessGoneException if the process has exited
   * @throws ErrnoException ESRCH if it exits meanwhile
   * @throws IllegalArgumentException as {@link #send(int, int)}
   */
  public static void send(ProcFs procFs, ProcessIdentity process, int signal) throws IOException {
    try (PidFd held = open(process.pid())) {
      // Asked with the descriptor open: should a later process pass, then the one held has exited,
      // and the kernel refuses.
      process.requireSame(procFs);
      held.signal(signal);
    }
  }

  private static PidFd open(int pid) throws ErrnoException {
    if (pid <= 0) {
      throw new IllegalArgumentException("not the PID of one process: " + pid);
    }
    return PidFd.open(pid);
  }
}
