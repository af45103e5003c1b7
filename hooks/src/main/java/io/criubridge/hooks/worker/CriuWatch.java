// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.worker;

import io.criubridge.core.proc.ProcFs;
import io.criubridge.core.proc.ProcessIdentity;
import java.io.IOException;

/**
 * Interrupts the thread that works on a phase when the criu process ends: nobody needs the phase
 * any more, and whoever tries again, in the same directory, must not find us still at work there.
 */
final class CriuWatch implements AutoCloseable {

  private static final long LOOK_EVERY_MILLIS = 50;

  private final Thread working = Thread.currentThread();
  private final Thread watching;
  private boolean over;

  /** Begins to watch, for this thread. */
  CriuWatch(ProcessIdentity criu, ProcFs proc) {
    watching = new Thread(() -> watch(criu, proc), "criu-watch");
    watching.setDaemon(true);
    watching.start();
  }

  private synchronized void watch(ProcessIdentity criu, ProcFs proc) {
    try {
      while (!over && criu.isAlive(proc)) {
        wait(LOOK_EVERY_MILLIS);
      }
      if (!over) {
        working.interrupt();
      }
    } catch (IOException | InterruptedException e) {
      System.err.println("criu is not watched any more: " + e);
    }
  }

  /** The phase is over: from now on this thread is not interrupted, and is not any more. */
  @Override
  public synchronized void close() {
    over = true;
    notifyAll();
    Thread.interrupted();
  }
}
