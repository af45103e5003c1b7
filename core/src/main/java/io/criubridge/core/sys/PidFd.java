// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.sys;

/** A process held by a descriptor, so that its number cannot come to mean another process. */
public final class PidFd implements AutoCloseable {

  private final Fd fd;
  private final String subject;

  private PidFd(Fd fd, String subject) {
    this.fd = fd;
    this.subject = subject;
  }

  /**
   * Takes hold of a process; ESRCH if there is none.
   *
   * @param pid as this process's PID namespace numbers it
   */
  public static PidFd open(int pid) throws ErrnoException {
    String subject = "pid=" + pid;
    long number = Syscalls.libc().syscall(Abi.PIDFD_OPEN, pid, 0);
    Syscalls.check(number, "pidfd_open", subject);
    return new PidFd(new Fd((int) number, subject, BytePath.ROOT, 0), subject);
  }

  /** Sends a signal; 0 only checks that the process is there. */
  public void signal(int signal) throws ErrnoException {
    long result = Syscalls.libc().syscall(Abi.PIDFD_SEND_SIGNAL, fd.number(), signal, 0L, 0);
    Syscalls.check(result, "pidfd_send_signal", subject);
  }

  @Override
  public void close() throws ErrnoException {
    fd.close();
  }
}
