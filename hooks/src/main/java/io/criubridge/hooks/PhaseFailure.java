// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks;

import java.io.IOException;

/**
 * A phase that cannot do its work. The message is for the person who started CRIU: it names what is
 * wrong, where, and what to do. The exit code is one of {@code sysexits.h}.
 */
public sealed class PhaseFailure extends IOException permits DirectoryInUse {

  /** Recorded as a failure, while the launcher is told that what it asked for is done. */
  public static final int DONE = 0;

  /** A checkpoint that is none, or not one for this machine. */
  public static final int DATA = 65;

  /** A program that had to answer does not. */
  public static final int UNAVAILABLE = 69;

  /** A bug of criu-bridge. */
  public static final int SOFTWARE = 70;

  /** The machine refused: a call of the kernel, a file. */
  public static final int IO = 74;

  /** Settings that are wrong or missing. */
  public static final int CONFIG = 78;

  private static final long serialVersionUID = 1L;

  private final int exitCode;

  /** Makes a failure with the exit code that the launcher will return. */
  public PhaseFailure(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  /** As above, with what caused it. */
  public PhaseFailure(int exitCode, String message, Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  /** The launcher's exit code, a number of {@code sysexits.h}. */
  public final int exitCode() {
    return exitCode;
  }
}
