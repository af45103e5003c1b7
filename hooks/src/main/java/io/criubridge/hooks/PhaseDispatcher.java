// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks;

import io.criubridge.core.checkpoint.CheckpointLayout;
import io.criubridge.core.checkpoint.ManifestException;
import io.criubridge.hooks.RunStatus.PhaseStatus;
import io.criubridge.hooks.RunStatus.Result;
import io.criubridge.hooks.config.ConfigurationException;
import io.criubridge.hooks.phase.Phase;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * Leads a request of the launcher to the handler of its phase, once per run: CRIU 4.1 calls the
 * script twice for a phase when it is configured for a runtime.
 */
public final class PhaseDispatcher {

  private final RunDirectory directory;
  private final Map<Phase, PhaseHandler> handlers;
  private final Map<Phase, Integer> done = new EnumMap<>(Phase.class);
  private Optional<CriuRun> run = Optional.empty();
  private Optional<RunStatus> status = Optional.empty();

  /** Makes a dispatcher for the run that the directory belongs to. */
  public PhaseDispatcher(RunDirectory directory, Map<Phase, PhaseHandler> handlers) {
    this.directory = directory;
    this.handlers = new EnumMap<>(handlers);
  }

  /** The run, once a phase has come. */
  public Optional<CriuRun> run() {
    return run;
  }

  /** How the run stands, once a phase has come. */
  public Optional<RunStatus> status() {
    return status;
  }

  /**
   * Runs the phase that the environment names, or gives the result it had before.
   *
   * @return the launcher's exit code
   */
  public int dispatch(Map<String, String> environment, Report report) throws IOException {
    PhaseContext context;
    try {
      context = PhaseContext.of(environment, directory, run);
    } catch (IOException e) {
      return explain(e, report);
    }
    if (run.isEmpty()) {
      run = Optional.of(context.run());
      directory.publishDeadlines(context.run().configuration().deadlines());
    }
    Integer before = done.get(context.phase());
    if (before != null) {
      return before;
    }
    int exitCode = runOnce(context, report);
    done.put(context.phase(), exitCode);
    return exitCode;
  }

  private int runOnce(PhaseContext context, Report report) throws IOException {
    Instant startedAt = Instant.now();
    long start = System.nanoTime();
    PhaseHandler handler = handlers.get(context.phase());
    String reason = "";
    int exitCode = 0;
    try {
      if (handler == null) {
        throw new IllegalStateException("no handler for " + context.phase());
      }
      handler.run(context, report);
    } catch (IOException | RuntimeException e) {
      exitCode = explain(e, report);
      reason = message(e);
    }
    Duration duration = Duration.ofNanos(System.nanoTime() - start);
    System.err.printf(
        "criu-bridge %s %s ms=%.1f %s%n",
        context.phase(), exitCode == 0 ? "ok" : "failed", duration.toNanos() / 1e6, reason);
    record(
        context,
        new PhaseStatus(
            context.phase(),
            exitCode == 0 ? Result.COMPLETE : Result.FAILED,
            reason,
            startedAt,
            duration),
        report);
    return exitCode;
  }

  private void record(PhaseContext context, PhaseStatus phase, Report report) throws IOException {
    RunStatus before =
        status.isPresent()
            ? status.get()
            : RunStatus.before(context.phase(), context.operation(), statusFile(context.run()));
    RunStatus next = before.with(phase);
    status = Optional.of(next);
    // In a successful post-dump the tasks are frozen: the end of the run writes the file.
    if (context.phase() != Phase.POST_DUMP || next.result() == Result.FAILED) {
      writeStatus(context.run(), next, report);
    }
  }

  private static void writeStatus(CriuRun run, RunStatus status, Report report) throws IOException {
    try {
      status.write(statusFile(run));
    } catch (IOException e) {
      // The status is for people. It must not fail a dump or a restore that is all right.
      report.line("the status file could not be written: " + message(e));
    }
  }

  private static Path statusFile(CriuRun run) {
    return new CheckpointLayout(run.imageDirectory()).status();
  }

  private static int explain(Exception e, Report report) throws IOException {
    if (e instanceof PhaseFailure failure) {
      for (String line : message(e).split("\n", -1)) {
        report.line(line);
      }
      return failure.exitCode();
    }
    if (e instanceof ConfigurationException) {
      report.line(message(e));
      return PhaseFailure.CONFIG;
    }
    if (e instanceof ManifestException) {
      report.line(message(e));
      return PhaseFailure.DATA;
    }
    e.printStackTrace();
    if (e instanceof IOException) {
      report.line(message(e));
      return PhaseFailure.IO;
    }
    report.line(
        "this is a bug of criu-bridge (%s); please report it with %s",
        message(e), "the stack trace in worker.log");
    return PhaseFailure.SOFTWARE;
  }

  /** JDK file exceptions say the path only; their class is the reason. */
  private static String message(Exception e) {
    String message = String.valueOf(e.getMessage());
    boolean pathOnly =
        (e instanceof FileSystemException file && file.getReason() == null)
            || !(e instanceof IOException);
    return pathOnly ? e.getClass().getSimpleName() + ": " + message : message;
  }
}
