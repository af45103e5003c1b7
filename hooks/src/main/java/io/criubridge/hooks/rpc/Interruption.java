// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.rpc;

import io.criubridge.hooks.Reason;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Ctrl-C, and whatever else has the JVM end while CRIU works. The run is given up in good order,
 * which CRIU does at its next notification, and the JVM waits for it: killed, CRIU would leave the
 * container's network locked. A run that is not given up any more ends the JVM with its own exit
 * code instead of the signal's.
 */
public final class Interruption implements AutoCloseable {

  /** How long CRIU may take to its next notification before more is done or told. */
  private static final long PATIENCE_SECONDS = 5;

  private final CountDownLatch settled = new CountDownLatch(1);
  private final Thread hook;
  private volatile boolean asked;
  private volatile boolean late;
  private volatile Optional<Hurry> hurry = Optional.empty();
  private volatile Optional<Integer> exitCode = Optional.empty();

  private Interruption(Consumer<String> notice) {
    hook = new Thread(() -> end(notice), "interruption");
  }

  /**
   * Watches until it is closed.
   *
   * @param notice takes what is to be told at once
   */
  public static Interruption watch(Consumer<String> notice) {
    Interruption interruption = new Interruption(notice);
    Runtime.getRuntime().addShutdownHook(interruption.hook);
    return interruption;
  }

  private void end(Consumer<String> notice) {
    asked = true;
    notice.accept(
        late
            ? "interrupted too late to give up, going on"
            : "interrupted, giving up in good order");
    try {
      if (!settled.await(PATIENCE_SECONDS, TimeUnit.SECONDS) && !late) {
        hurry.flatMap(Interruption::said).ifPresent(notice);
      }
      settled.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    // exit() does not get a word in while the JVM ends.
    exitCode.ifPresent(Runtime.getRuntime()::halt);
  }

  /** What to do when the run is not given up soon. */
  @FunctionalInterface
  interface Hurry {

    /** Does it, and gives what is to be told. */
    Optional<String> up() throws IOException;
  }

  private static Optional<String> said(Hurry hurry) {
    try {
      return hurry.up();
    } catch (IOException e) {
      return Optional.of(Reason.of(e));
    }
  }

  /** Has something done when the run is not given up soon. */
  void whenSlow(Hurry what) {
    hurry = Optional.of(what);
  }

  /** Whether the run is to be given up. */
  boolean isAsked() {
    return asked && !late;
  }

  /**
   * Goes on only if the run is not to be given up.
   *
   * @throws InterruptedRun if it is
   */
  void requireNone() throws InterruptedRun {
    if (isAsked()) {
      throw new InterruptedRun();
    }
  }

  /** From now on the run goes to its end, as CRIU does not give up any more. */
  void tooLate() {
    late = true;
  }

  /** The run was not given up: whatever has the JVM end now, this is its exit code. */
  public void exitWith(int code) {
    exitCode = Optional.of(code);
  }

  /** Lets the JVM end: all is settled. */
  @Override
  public void close() {
    settled.countDown();
    if (!asked) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // It ends just now, and does not have to wait any more.
      }
    }
  }
}
