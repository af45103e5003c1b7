// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks;

import io.criubridge.core.checkpoint.CheckpointLayout;
import io.criubridge.core.sys.PublishedFile;
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
public final class RunEnd {

  /** What CRIU made of its run, as far as we can know. */
  public enum Outcome {
    /** CRIU has written its statistics, which it does last. */
    COMPLETE,
    /** CRIU has ended without. */
    FAILED,
    /** CRIU still runs, or nobody was there to see. */
    UNKNOWN
  }

  private RunEnd() {}

  /** Stops the handlers, settles the run and writes how it ended. */
  public static void finish(PhaseDispatcher dispatcher, Outcome outcome) throws IOException {
    dispatcher.end();
    Optional<CriuRun> run = dispatcher.run();
    Optional<RunStatus> status = dispatcher.status();
    if (run.isEmpty() || status.isEmpty()) {
      return;
    }
    RunStatus end = judge(status.get(), outcome);
    CheckpointLayout layout = new CheckpointLayout(run.get().imageDirectory());
    if (!Files.isDirectory(layout.directory()) || isOfEarlierDump(layout, end)) {
      return;
    }
    try {
      if (isToBeWithdrawn(end)) {
        withdraw(layout);
      }
    } finally {
      if (!end.equals(status.get())) {
        write(end, layout);
      }
    }
  }

  /** A dump that has not begun with the directory has made nothing there; another may have. */
  private static boolean isToBeWithdrawn(RunStatus end) {
    return end.operation() == Operation.DUMP
        && end.result() == Result.FAILED
        && end.hasTakenOver()
        && !end.has(Phase.ABORT);
  }

  /**
   * Whether the directory holds the checkpoint of a dump before this one, which was refused: the
   * first thing that a dump does there is to remove the manifest.
   */
  static boolean isOfEarlierDump(CheckpointLayout layout, RunStatus status) {
    return status.operation() == Operation.DUMP
        && !status.hasTakenOver()
        && Files.exists(layout.manifest());
  }

  private static void write(RunStatus end, CheckpointLayout layout) {
    try {
      end.write(layout.status());
    } catch (IOException e) {
      // A restore from a read-only directory is all right without.
      System.err.println("the status file could not be written: " + e);
    }
  }

  /** Removes all that a dump has made; the manifest goes first. */
  public static void withdraw(CheckpointLayout layout) throws IOException {
    for (Path file : layout.filesOfADump()) {
      Files.deleteIfExists(file);
    }
    PublishedFile.removeStale(layout.directory());
    PublishedFile.sync(layout.directory());
  }

  private static RunStatus judge(RunStatus status, Outcome outcome) {
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
    return outcome == Outcome.FAILED
        ? status.ended(
            Result.FAILED, "CRIU failed after post-dump (it wrote no statistics); see its log")
        : status.ended(Result.COMPLETE, "");
  }
}
