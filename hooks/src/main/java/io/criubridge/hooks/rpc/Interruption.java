// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.rpc;

import java.util.concurrent.CountDownLatch;

/**
 * Ctrl-C, and whatever else has the JVM end while CRIU works. The run is given up in good order,
 * which CRIU does at its next notification, and the JVM waits for it: killed, CRIU would leave the
 * container's network locked.
 */
public final class Interruption implements AutoCloseable {

  private final CountDownLatch settled = new CountDownLatch(1);
  private final Thread hook;
  private volatile boolean asked;
  private volatile boolean late;

  private Interruption(Runnable notice) {
    hook =
        new Thread(
            () -> {
              asked = true;
              notice.run();
              try {
                settled.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "interruption");
  }

  /**
   * Watches until it is closed.
   *
   * @param notice what to do at once
   */
  public static Interruption watch(Runnable notice) {
    Interruption interruption = new Interruption(notice);
    Runtime.getRuntime().addShutdownHook(interruption.hook);
    return interruption;
  }

  /** Whether the run is to be given up. */
  boolean isAsked() {
    return asked && !late;
  }

  /** From now on the run goes to its end, as CRIU does not give up any more. */
  void tooLate() {
    late = true;
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
