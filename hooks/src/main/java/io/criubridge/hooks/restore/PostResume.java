// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.restore;

import io.criubridge.core.checkpoint.ControlSentinel;
import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.ScopedRoot;
import io.criubridge.hooks.CriuRun;
import io.criubridge.hooks.PhaseContext;
import io.criubridge.hooks.PhaseHandler;
import io.criubridge.hooks.Report;
import java.io.IOException;
import java.util.Optional;

/** When the processes run again: tells the container so, if it has a control directory. */
final class PostResume implements PhaseHandler {

  @Override
  public void run(PhaseContext context, Report report) throws IOException {
    CriuRun run = context.run();
    Optional<BytePath> directory = run.configuration().controlDirectory();
    if (directory.isEmpty()) {
      return;
    }
    try (ScopedRoot root = ScopedRoot.open(run.proc().path(context.requiredInitPid(), "root"))) {
      ControlSentinel.write(root, directory.get(), ControlSentinel.RESTORE_COMPLETE);
    }
    report.line("%s/restore-complete written", directory.get());
  }
}
