// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.worker;

import io.criubridge.core.checkpoint.CheckpointLayout;
import io.criubridge.hooks.PhaseContext;
import io.criubridge.hooks.PhaseFailure;
import io.criubridge.hooks.PhaseHandler;
import io.criubridge.hooks.Report;
import io.criubridge.hooks.RunEnd;
import io.criubridge.hooks.phase.Phase;
import io.criubridge.hooks.phase.Phase.Operation;
import java.io.IOException;

/**
 * Cleans up after a worker that hung or broke off and was killed by the launcher, and says so in
 * the status file.
 */
final class Abort implements PhaseHandler {

  @Override
  public void run(PhaseContext context, Report report) throws IOException {
    boolean dump = context.operation() == Operation.DUMP;
    if (dump) {
      RunEnd.withdraw(new CheckpointLayout(context.run().imageDirectory()));
    }
    throw new PhaseFailure(
        PhaseFailure.DONE,
        context.abortedPhase().map(Phase::action).orElse("a phase")
            + " did not end within its deadline or broke off; its JVM was killed, and "
            + (dump
                ? "what it had made was removed"
                : "the target root may be changed in part: take a fresh one"));
  }
}
