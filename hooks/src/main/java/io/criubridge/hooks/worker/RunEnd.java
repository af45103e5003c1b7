// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.worker;

import io.criubridge.core.checkpoint.CheckpointLayout;
import io.criubridge.core.sys.PublishedFile;
import io.criubridge.hooks.CriuRun;
import io.criubridge.hooks.PhaseDispatcher;
import io.criubridge.hooks.RunStatus;
import io.criubridge.hooks.RunStatus.Result;
import io.criubridge.hooks.phase.Phase;
import io.criubridge.hooks.phase.Phase.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Settles a run: a dump that did not come to its end keeps its status file and nothing else of
 * ours, since a directory with a manifest is a checkpoint.
 */
final class RunEnd {

  /** How the end is known. */
  enum Witness {
    /** The criu process has ended, so CRIU's statistics tell whether its dump was complete. */
    CRIU_ENDED,
    /** CRIU still runs. */
    NONE
  }

  private RunEnd() {}

  static void finish(PhaseDispatcher dispatcher, Witness witness) throws IOException {
    Optional<CriuRun> run = dispatcher.run();
    Optional<RunStatus> status = dispatcher.status();
    if (run.isEmpty() || status.isEmpty()) {
      return;
    }
    RunStatus end = judge(run.get(), status.get(), witness);
    CheckpointLayout layout = new CheckpointLayout(run.get().imageDirectory());
    if (!Files.isDirectory(layout.directory())) {
      return;
    }
    if (end.operation() == Operation.DUMP && end.result() == Result.FAILED) {
      withdraw(layout);
    }
    end.write(layout.status());
  }

  /** Removes all that a dump has made; the manifest goes first. */
  static void withdraw(CheckpointLayout layout) throws IOException {
    for (Path file : layout.filesOfADump()) {
      Files.deleteIfExists(file);
    }
    PublishedFile.removeStale(layout.directory());
  }

  private static RunStatus judge(CriuRun run, RunStatus status, Witness witness) {
    if (status.result() == Result.FAILED) {
      return status;
    }
    if (status.operation() == Operation.RESTORE) {
      return status.isRestoreOver()
          ? status.ended(Result.COMPLETE, "")
          : status.ended(Result.FAILED, "CRIU ended before the processes ran");
    }
    if (!status.has(Phase.POST_DUMP)) {
      return status.ended(Result.FAILED, "CRIU ended before its dump was complete; see its log");
    }
    if (witness == Witness.CRIU_ENDED
        && !Files.exists(run.workDirectory().resolve(CheckpointLayout.CRIU_STATS))) {
      return status.ended(
          Result.FAILED, "CRIU failed after post-dump (it wrote no statistics); see its log");
    }
    return status.ended(Result.COMPLETE, "");
  }
}
