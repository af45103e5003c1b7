// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.proc;

import java.io.IOException;

/** A process that should be running is a zombie or dead. */
public final class DeadProcessException extends IOException {
  private static final long serialVersionUID = 1;

  private final int pid;
  private final char state;
  private final int rawStatus;

  DeadProcessException(ProcStat stat) {
    super(
        "process %d (%s) has ended: state %s, %s"
            .formatted(stat.pid(), stat.comm(), stat.state(), stat.exitStatus()));
    this.pid = stat.pid();
    this.state = stat.state();
    this.rawStatus = stat.exitStatus().raw();
  }

  /** The process, as the proc file system numbers it. */
  public int pid() {
    return pid;
  }

  /** The state letter, {@code Z} or {@code X}. */
  public char state() {
    return state;
  }

  /** How it ended. */
  public WaitStatus exitStatus() {
    return new WaitStatus(rawStatus);
  }
}
