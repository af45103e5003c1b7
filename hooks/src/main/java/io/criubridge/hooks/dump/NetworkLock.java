// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.dump;

import io.criubridge.hooks.PhaseContext;
import io.criubridge.hooks.PhaseHandler;
import io.criubridge.hooks.Report;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;

/**
 * The tasks stand still, and CRIU begins to dump them: has the container taken meanwhile. Nobody
 * waits for this phase, and its failure is not the dump's: post-dump takes what has not been taken.
 */
public final class NetworkLock implements PhaseHandler {

  /** How long after CRIU's call this may be heard of, and by how much the clock of files lags. */
  private static final Duration LATENESS = Duration.ofMillis(100);

  private final ContainerFinder finder;
  private final FrozenContainer container;

  NetworkLock(ContainerFinder finder, FrozenContainer container) {
    this.finder = finder;
    this.container = container;
  }

  @Override
  public void run(PhaseContext context, Report report) throws IOException {
    Instant since = Instant.now().minus(LATENESS);
    try {
      container.begin(context.run(), DumpTarget.of(context, finder), since);
    } catch (IOException e) {
      if (!context.run().criu().isAlive(context.run().proc())) {
        // We are told to stop then, and CRIU has the reason.
        report.line("criu has ended: " + e);
        return;
      }
      throw e;
    }
    report.done("files");
  }

  @Override
  public void end() {
    try {
      container.drop();
    } catch (IOException e) {
      System.err.println("the archive that was begun was not removed: " + e);
    }
  }
}
