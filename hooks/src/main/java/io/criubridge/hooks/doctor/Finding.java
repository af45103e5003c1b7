// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.doctor;

/**
 * A judgement.
 *
 * @param level how bad it is
 * @param subject what was looked at
 * @param says what was found
 * @param remedy what to do; empty if nothing is to be done
 */
public record Finding(Level level, String subject, String says, String remedy) {

  /** How bad it is. */
  public enum Level {
    OK,
    /** Checkpoints work, but less well or not all of them. */
    WARN,
    /** Checkpoints with criu-bridge do not work. */
    FAIL
  }

  static Finding ok(String subject, String says) {
    return new Finding(Level.OK, subject, says, "");
  }

  static Finding warn(String subject, String says, String remedy) {
    return new Finding(Level.WARN, subject, says, remedy);
  }

  static Finding fail(String subject, String says, String remedy) {
    return new Finding(Level.FAIL, subject, says, remedy);
  }
}
