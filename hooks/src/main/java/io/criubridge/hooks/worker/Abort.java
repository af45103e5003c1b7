// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.worker;

import io.criubridge.core.checkpoint.CheckpointLayout;
import io.criubridge.core.sys.DirectoryLock;
import io.criubridge.core.sys.ErrnoException;
import io.criubridge.hooks.PhaseContext;
import io.criubridge.hooks.PhaseFailure;
import io.criubridge.hooks.PhaseHandler;
import io.criubridge.hooks.Report;
import io.criubridge.hooks.RunEnd;
import io.criubridge.hooks.phase.Phase;
import io.criubridge.hooks.phase.Phase.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;

/**
 * Cleans up after a worker that hung or broke off and was killed by the launcher, and says so in
 * the status file.
 */
final class Abort implements PhaseHandler {

  @Override
  public void run(PhaseContext context, Report report) throws IOException {
    CheckpointLayout layout = new CheckpointLayout(context.run().imageDirectory());
    // That of an earlier dump: this one has not come so far as to remove it.
    boolean earlier =
        context.abortedPhase().equals(Optional.of(Phase.PRE_DUMP))
            && Files.exists(layout.manifest());
    boolean dump = context.operation() == Operation.DUMP;
    if (dump && !earlier) {
      withdraw(layout);
    }
    throw new PhaseFailure(
        PhaseFailure.DONE,
        context.abortedPhase().map(Phase::action).orElse("a phase")
            + " did not end within its deadline or broke off; its JVM was killed, and "
            + (earlier
                ? "the checkpoint that was there is as it was"
                : dump
                    ? "what it had made was removed"
                    : "the target root may be changed in part: take a fresh one"));
  }

  /** Unless another run is at work there by now. */
  private static void withdraw(CheckpointLayout layout) throws IOException {
    try {
      Optional<DirectoryLock> lock = DirectoryLock.tryLock(layout.directory());
      if (lock.isPresent()) {
        try {
          RunEnd.withdraw(layout);
        } finally {
          lock.get().close();
        }
      }
    } catch (ErrnoException e) {
      if (!DirectoryLock.isUnsupported(e)) {
        throw e;
      }
      RunEnd.withdraw(layout);
    }
  }
}
