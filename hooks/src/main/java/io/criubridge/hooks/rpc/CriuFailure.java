// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.rpc;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** CRIU did not do what it was asked. The message holds CRIU's own errors. */
public final class CriuFailure extends IOException {

  private static final long serialVersionUID = 1L;

  /** How many lines of standard error tell what is wrong, before CRIU prints how it is used. */
  private static final int LINES = 3;

  /** Where a shell's exit codes of programs begin that a signal has ended; {@code swrk.c} too. */
  private static final int SIGNALLED = 128;

  /** The last signal; beyond, an exit code is criu's own, such as 255. */
  private static final int LAST_SIGNAL = 64;

  private static final Map<Integer, String> SIGNALS =
      Map.of(4, "SIGILL", 6, "SIGABRT", 7, "SIGBUS", 9, "SIGKILL", 11, "SIGSEGV", 15, "SIGTERM");

  private CriuFailure(String message) {
    super(message);
  }

  /**
   * Collects what CRIU says went wrong: in its log, else in its answer, else where it had no log
   * yet; that it broke off, if it did; and what failed beside it, which may be the cause: a capture
   * that fills the disk leaves CRIU no space for its images, nor for its log.
   *
   * @param log CRIU's log of this run, if it came to one
   * @param answer the error in its answer; empty if there is none
   * @param standardError what it said beside its log
   * @param exitCode how it ended, beyond 128 by a signal
   * @param beside why a phase failed that CRIU did not wait for; empty if none did
   */
  static CriuFailure of(
      Path log, String answer, String standardError, int exitCode, String beside) {
    List<String> said = new ArrayList<>(CriuLog.errors(log));
    if (said.isEmpty() && !answer.isBlank()) {
      said.add(answer.strip());
    }
    if (said.isEmpty()) {
      standardError
          .lines()
          .filter(line -> !CriuLog.isNoCause(line))
          .limit(LINES)
          .forEach(said::add);
    }
    if (exitCode > SIGNALLED && exitCode <= SIGNALLED + LAST_SIGNAL) {
      int signal = exitCode - SIGNALLED;
      said.add("it was ended by " + SIGNALS.getOrDefault(signal, "signal " + signal));
    }
    if (!beside.isEmpty()) {
      said.add(beside);
    }
    if (said.isEmpty()) {
      said.add("it ended with exit code " + exitCode + " and said nothing");
    }
    return new CriuFailure("CRIU failed: " + String.join("\n  ", said));
  }
}
