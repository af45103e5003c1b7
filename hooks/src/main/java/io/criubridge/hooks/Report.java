// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks;

import java.io.IOException;

/**
 * Where a phase writes its lines for CRIU's log. The launcher puts {@code criu-bridge <phase>:} in
 * front of each.
 */
@FunctionalInterface
public interface Report {

  /**
   * Writes one line.
   *
   * @throws IOException if the launcher is gone
   */
  void line(String text) throws IOException;

  /**
   * Notes that a part of the phase is done, which began when the one before was; for who wants to
   * know where time goes.
   *
   * @param part a word
   */
  default void done(String part) {}

  /** Writes one formatted line. */
  default void line(String format, Object... arguments) throws IOException {
    line(String.format(format, arguments));
  }
}
