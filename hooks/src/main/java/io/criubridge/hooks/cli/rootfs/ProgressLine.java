// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.rootfs;

import io.criubridge.core.rootfs.DiffProgress;
import io.criubridge.hooks.cli.ByteCount;
import io.criubridge.hooks.cli.Terminal;
import java.io.PrintWriter;
import java.util.Locale;

/** A line on a terminal that tells how far something got, and is gone when it is done. */
final class ProgressLine implements AutoCloseable {

  private static final long EVERY_MILLIS = 200;
  private static final int BAR = 24;
  private static final String CLEAR = "\r\033[K";

  private final PrintWriter out;
  private final long total;
  private final DiffProgress progress;
  private final Thread thread;
  private final long start = System.nanoTime();

  /**
   * Prepares a line.
   *
   * @param out standard error
   * @param total bytes to do, as far as is known
   */
  ProgressLine(PrintWriter out, long total, DiffProgress progress) {
    this.out = out;
    this.total = total;
    this.progress = progress;
    this.thread = new Thread(this::show, "progress");
    this.thread.setDaemon(true);
  }

  /** Starts to show it, if standard error is a terminal. */
  void start() {
    if (Terminal.current().err()) {
      thread.start();
    }
  }

  private void show() {
    try {
      while (true) {
        Thread.sleep(EVERY_MILLIS);
        double seconds = (System.nanoTime() - start) / 1e9;
        out.print(CLEAR + text(progress.bytes(), progress.entries(), total, seconds));
        out.flush();
      }
    } catch (InterruptedException done) {
      out.print(CLEAR);
      out.flush();
    }
  }

  static String text(long bytes, long files, long total, double seconds) {
    double part = total > 0 ? Math.min(1, (double) bytes / total) : 0;
    int filled = (int) (part * BAR);
    double rate = bytes / Math.max(seconds, 1e-3);
    String text =
        String.format(
            Locale.ROOT,
            "[%s%s] %3d %%  %d files  %s  %s/s",
            "#".repeat(filled),
            " ".repeat(BAR - filled),
            (int) (100 * part),
            files,
            ByteCount.text(bytes),
            ByteCount.text((long) rate));
    if (bytes == 0) {
      return text;
    }
    long left = (long) Math.ceil(Math.max(0, total - bytes) / Math.max(rate, 1));
    return text + String.format(Locale.ROOT, "  %d:%02d left", left / 60, left % 60);
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
