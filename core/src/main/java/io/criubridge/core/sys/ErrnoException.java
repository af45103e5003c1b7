// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.sys;

import java.io.IOException;

/**
 * A system call that failed. The message names the call, what it was about and the error: {@code
 * openat2(2) /etc/x: ENOENT (No such file or directory)}.
 */
public final class ErrnoException extends IOException {
  private static final long serialVersionUID = 1L;

  private final String call;
  private final int errno;
  private final String subject;

  /**
   * Describes a failed call.
   *
   * @param call the system call's name
   * @param errno one of {@link Errno}, or another of errno(3)
   * @param subject the path, or {@code pid=N}, that the call was about
   */
  public ErrnoException(String call, int errno, String subject) {
    this.call = call;
    this.errno = errno;
    this.subject = subject;
  }

  /** The system call's name. */
  public String call() {
    return call;
  }

  /** The error number, to compare with the constants of {@link Errno}. */
  public int errno() {
    return errno;
  }

  /** What the call was about. */
  public String subject() {
    return subject;
  }

  /** The error's name and what it means: {@code ENOENT (No such file or directory)}. */
  public String reason() {
    return Errno.describe(errno);
  }

  /** Built when asked for: many of these only mean "not there" to their caller. */
  @Override
  public String getMessage() {
    return call + "(2) " + subject + ": " + reason();
  }
}
