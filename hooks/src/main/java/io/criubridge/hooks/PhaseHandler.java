// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks;

import java.io.IOException;

/** Does the work of one phase: reads, decides, writes. */
@FunctionalInterface
public interface PhaseHandler {

  /**
   * Runs the phase once.
   *
   * @param context what CRIU says
   * @param report takes lines for CRIU's log
   * @throws PhaseFailure if the phase fails, with a message for people
   * @throws IOException if the machine refused something, naming what
   */
  void run(PhaseContext context, Report report) throws IOException;

  /** Stops what the phase has left going on: its run ends. */
  default void end() {}
}
