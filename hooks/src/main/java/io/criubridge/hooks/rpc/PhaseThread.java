// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.rpc;

import io.criubridge.hooks.PhaseContext;
import io.criubridge.hooks.PhaseDispatcher;
import io.criubridge.hooks.PhaseFailure;
import io.criubridge.hooks.Report;
import io.criubridge.hooks.config.ConfigurationReader;
import io.criubridge.hooks.phase.Phase;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Has phases done in a thread of their own, so that one which hangs does not keep CRIU, and with it
 * the tasks, waiting beyond its deadline or beyond Ctrl-C.
 */
final class PhaseThread implements AutoCloseable {

  private static final long LOOK_EVERY_MILLIS = 50;

  /** How long one that is interrupted has to say so. */
  private static final long LAST_WORD_MILLIS = 2000;

  private final PhaseDispatcher dispatcher;
  private final Interruption interruption;
  private final Report progress;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread phases = new Thread(task, "phases");
            phases.setDaemon(true);
            return phases;
          });
  private Optional<Future<Integer>> going = Optional.empty();
  private long endNanos;

  PhaseThread(PhaseDispatcher dispatcher, Interruption interruption, Report progress) {
    this.dispatcher = dispatcher;
    this.interruption = interruption;
    this.progress = progress;
  }

  /**
   * Does a phase, once in a run.
   *
   * @return its exit code; empty if the user interrupts, while the phase may still go on
   * @throws PhaseFailure if the phase does not end within its deadline
   */
  Optional<Integer> run(PhaseContext context) throws IOException {
    Phase phase = context.phase();
    Duration deadline =
        context
            .run()
            .configuration()
            .deadlines()
            .getOrDefault(phase, ConfigurationReader.DEFAULT_DEADLINE);
    endNanos = System.nanoTime() + deadline.toNanos();
    Future<Integer> future = submit(context);
    going = Optional.of(future);
    while (!interruption.isAsked()) {
      Optional<Integer> exitCode = await(future, LOOK_EVERY_MILLIS);
      if (exitCode.isPresent()) {
        return exitCode;
      }
      if (System.nanoTime() > endNanos) {
        throw new PhaseFailure(
            PhaseFailure.IO,
            String.format(
                "%s did not end within its deadline of %d s; the setting is deadline, %s",
                phase, deadline.toSeconds(), phase));
      }
    }
    return Optional.empty();
  }

  /** Begins with a phase for whose end nobody waits but the next one. */
  void begin(PhaseContext context) {
    endNanos = System.nanoTime();
    going = Optional.of(submit(context));
  }

  private Future<Integer> submit(PhaseContext context) {
    Report report = line -> progress.line(context.phase() + ": " + line);
    return thread.submit(() -> dispatcher.dispatch(context, report));
  }

  private static Optional<Integer> await(Future<Integer> future, long millis) throws IOException {
    try {
      return Optional.of(future.get(millis, TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a phase broke off", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for a phase", e);
    }
  }

  /**
   * Waits for the phase that still goes on, but not beyond its deadline. Then it is interrupted,
   * which ends a wait for the disk, so that it publishes nothing when the run is settled.
   */
  @Override
  public void close() throws IOException {
    thread.shutdown();
    if (going.isPresent() && !going.get().isDone()) {
      long left = TimeUnit.NANOSECONDS.toMillis(endNanos - System.nanoTime());
      if (await(going.get(), Math.max(0, left)).isEmpty()) {
        thread.shutdownNow();
        await(going.get(), LAST_WORD_MILLIS);
      }
    }
  }
}
