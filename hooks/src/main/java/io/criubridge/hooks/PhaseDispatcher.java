// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks;

import io.criubridge.core.checkpoint.CheckpointLayout;
import io.criubridge.core.checkpoint.ManifestException;
import io.criubridge.hooks.RunStatus.Result;
import io.criubridge.hooks.config.ConfigurationException;
import io.criubridge.hooks.phase.Phase;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * Leads a request of the launcher to the handler of its phase, once per run: CRIU 4.1 calls the
 * script twice for a phase when it is configured for a runtime.
 */
public final class PhaseDispatcher {

  /** How much of a bug's stack trace goes into CRIU's log. */
  private static final int FRAMES = 12;

  private final RunDirectory directory;
  private final PrintStream log;
  private final Map<Phase, PhaseHandler> handlers;
  private final Map<Phase, Integer> done = new EnumMap<>(Phase.class);
  // Looked at from another thread when a phase does not come to its end.
  private volatile Optional<CriuRun> run = Optional.empty();
  private volatile Optional<RunStatus> status = Optional.empty();

  /** Makes a dispatcher for the run that the directory belongs to; it logs to standard error. */
  public PhaseDispatcher(RunDirectory directory, Map<Phase, PhaseHandler> handlers) {
    this(directory, handlers, System.err);
  }

  /**
   * Makes a dispatcher for the run that the directory belongs to.
   *
   * @param log gets the times of phases, and stack traces
   */
  public PhaseDispatcher(
      RunDirectory directory, Map<Phase, PhaseHandler> handlers, PrintStream log) {
    this.directory = directory;
    this.log = log;
    this.handlers = new EnumMap<>(handlers);
  }

  /** The run, once a phase has come. */
  public Optional<CriuRun> run() {
    return run;
  }

  /** How the run stands, once a phase has come that has the image directory for itself. */
  public Optional<RunStatus> status() {
    return status;
  }

  /** Stops what handlers have left going on, before the run's directory goes. */
  public void end() {
    handlers.values().forEach(PhaseHandler::end);
  }

  /**
   * Runs the phase that the environment names, or gives the result it had before. Whatever goes
   * wrong is reported and is the phase's failure.
   *
   * @return the launcher's exit code
   */
  public int dispatch(Map<String, String> environment, Report report) {
    try {
      return dispatch(PhaseContext.of(environment, directory, run), report);
    } catch (IOException | RuntimeException e) {
      return explain(e, report);
    }
  }

  /**
   * Runs a phase of which it is known already what CRIU says, or gives the result it had before.
   */
  public int dispatch(PhaseContext context, Report report) {
    try {
      if (run.isEmpty()) {
        directory.publishDeadlines(context.run().configuration().deadlines());
        run = Optional.of(context.run());
      }
    } catch (IOException | RuntimeException e) {
      return explain(e, report);
    }
    Integer before = done.get(context.phase());
    if (before != null) {
      return before;
    }
    int exitCode = runOnce(context, report);
    done.put(context.phase(), exitCode);
    return exitCode;
  }

  private int runOnce(PhaseContext context, Report report) {
    Instant startedAt = Instant.now();
    PhaseTimes times = new PhaseTimes(report);
    PhaseHandler handler = handlers.get(context.phase());
    Result result = Result.COMPLETE;
    String reason = "";
    int exitCode = 0;
    boolean ours = true;
    try {
      if (handler == null) {
        throw new IllegalStateException("no handler for " + context.phase());
      }
      handler.run(context, times);
    } catch (IOException | RuntimeException | Error e) {
      result = Result.FAILED;
      exitCode = explain(e, report);
      reason = Reason.of(e);
      ours = !(e instanceof DirectoryInUse);
    }
    // By who does not wait any longer; what is written of it now is not to break off as well.
    if (Thread.interrupted()) {
      log.println("criu-bridge " + context.phase() + " was interrupted");
    }
    Duration duration = times.total();
    log.printf(
        "criu-bridge %s %s ms=%s %s %s%n",
        context.phase(), result, PhaseTimes.milliseconds(duration), times.text(), reason);
    PhaseStatus phase =
        new PhaseStatus(
            context.phase(), result, reason, startedAt, duration, times.parts(), peakBytes());
    if (ours) {
      record(context, phase, report);
    }
    return exitCode;
  }

  /** The status is for people: it must not fail a dump or a restore that is all right. */
  private void record(PhaseContext context, PhaseStatus phase, Report report) {
    CheckpointLayout layout = new CheckpointLayout(context.run().imageDirectory());
    Path file = layout.status();
    RunStatus before = RunStatus.started(context.operation());
    try {
      if (status.isPresent()) {
        before = status.get();
      } else if (!context.abortedPhase().equals(Optional.of(Phase.PRE_DUMP))) {
        before = RunStatus.before(context.phase(), context.operation(), file);
      }
    } catch (IOException e) {
      tell(report, "what the status file tells is lost: " + Reason.of(e));
    }
    RunStatus next = before.with(phase);
    if (context.phase() == Phase.POST_DUMP && phase.result() == Result.COMPLETE) {
      // Who copies the directory when criu returns must not find an unfinished dump. If CRIU fails
      // after all, the end of the run says so.
      next = next.ended(Result.COMPLETE, "");
    }
    status = Optional.of(next);
    if (RunEnd.isOfEarlierDump(layout, next)) {
      // Its status is not to say that it failed.
      return;
    }
    try {
      next.write(file);
    } catch (IOException e) {
      tell(report, "the status file could not be written: " + Reason.of(e));
    }
  }

  /** Of this process; Source: proc_pid_status(5), VmHWM. */
  private static long peakBytes() {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
        if (line.startsWith("VmHWM:")) {
          return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
        }
      }
    } catch (IOException | NumberFormatException e) {
      // For people only: a phase does not fail for it.
    }
    return 0;
  }

  private int explain(Throwable e, Report report) {
    if (e instanceof PhaseFailure failure) {
      for (String line : Reason.of(e).split("\n", -1)) {
        tell(report, line);
      }
      return failure.exitCode();
    }
    if (e instanceof ConfigurationException) {
      tell(report, Reason.of(e));
      return PhaseFailure.CONFIG;
    }
    if (e instanceof ManifestException) {
      tell(report, Reason.of(e));
      return PhaseFailure.DATA;
    }
    e.printStackTrace(log);
    if (e instanceof IOException) {
      tell(report, Reason.of(e));
      return PhaseFailure.IO;
    }
    tell(report, "this is a bug of criu-bridge, please report it: " + Reason.of(e));
    Arrays.stream(e.getStackTrace()).limit(FRAMES).forEach(frame -> tell(report, "  at " + frame));
    return PhaseFailure.SOFTWARE;
  }

  /** A launcher that is gone has failed its phase for CRIU; the run still is to be settled. */
  private void tell(Report report, String line) {
    try {
      report.line(line);
    } catch (IOException e) {
      log.println(line + " (not reported: " + Reason.of(e) + ")");
    }
  }
}
