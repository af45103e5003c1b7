// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.proc;

/**
 * How a process ended, in the kernel's encoding.
 *
 * <p>Source: wait(2), bits/waitstatus.h
 *
 * @param raw the status word; 0 too for a process still running
 */
public record WaitStatus(int raw) {

  /** Whether a signal ended the process. */
  public boolean isSignaled() {
    return signal() != 0;
  }

  /** The signal that ended the process, 0 if it exited by itself. */
  public int signal() {
    return raw & 0x7f;
  }

  /** What the process gave to {@code exit}, 0 to 255; 0 if a signal ended it. */
  public int exitCode() {
    return isSignaled() ? 0 : (raw >> 8) & 0xff;
  }

  /** Whether the process left a core dump. */
  public boolean isCoreDumped() {
    return isSignaled() && (raw & 0x80) != 0;
  }

  @Override
  public String toString() {
    return isSignaled()
        ? "signal " + signal() + (isCoreDumped() ? " (core dumped)" : "")
        : "exit code " + exitCode();
  }
}
