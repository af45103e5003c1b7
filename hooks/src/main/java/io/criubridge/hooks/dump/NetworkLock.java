// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.dump;

import io.criubridge.hooks.PhaseContext;
import io.criubridge.hooks.PhaseHandler;
import io.criubridge.hooks.Report;
import java.io.IOException;

/**
 * The tasks stand still, and CRIU begins to dump them: has the container's files taken meanwhile.
 * Nobody waits for this phase.
 */
public final class NetworkLock implements PhaseHandler {

  private final FrozenFiles files;

  NetworkLock(FrozenFiles files) {
    this.files = files;
  }

  /** What goes wrong here is left to post-dump, which takes what has not been taken. */
  @Override
  public void run(PhaseContext context, Report report) throws IOException {
    try {
      files.begin(context);
      report.done("files");
    } catch (IOException | RuntimeException e) {
      report.line(e + "; post-dump will take the files");
    }
  }

  @Override
  public void end() {
    try {
      files.drop();
    } catch (IOException e) {
      System.err.println("the archive that was begun was not removed: " + e);
    }
  }
}
