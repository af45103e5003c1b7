// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.rootfs;

import io.criubridge.hooks.cli.ByteCount;
import io.criubridge.hooks.cli.Terminal;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.OptionalLong;

/** A line on a terminal that tells how far something got, and is gone when it is done. */
final class ProgressLine implements AutoCloseable {

  private static final long EVERY_MILLIS = 200;
  private static final int BAR = 24;
  private static final String CLEAR = "\r\033[K";

  /** What is watched, from another thread. */
  interface Source {
    /** Bytes done. */
    long bytes();

    /** Files done, where they are counted. */
    OptionalLong files();
  }

  private final PrintWriter out;
  private final OptionalLong total;
  private final Source source;
  private final Thread thread;
  private final long start = System.nanoTime();

  /**
   * Prepares a line.
   *
   * @param out standard error
   * @param total bytes to do, where that is known
   */
  ProgressLine(PrintWriter out, OptionalLong total, Source source) {
    this.out = out;
    this.total = total;
    this.source = source;
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
        out.print(CLEAR + text(source.bytes(), source.files(), total, seconds));
        out.flush();
      }
    } catch (InterruptedException done) {
      out.print(CLEAR);
      out.flush();
    }
  }

  static String text(long bytes, OptionalLong files, OptionalLong total, double seconds) {
    StringBuilder text = new StringBuilder();
    double rate = bytes / Math.max(seconds, 1e-3);
    if (total.isPresent() && total.getAsLong() > 0) {
      double part = Math.min(1, (double) bytes / total.getAsLong());
      int filled = (int) (part * BAR);
      text.append('[').append("#".repeat(filled)).append(" ".repeat(BAR - filled)).append("] ");
      text.append(String.format(Locale.ROOT, "%3d %%  ", (int) (100 * part)));
    }
    files.ifPresent(count -> text.append(count).append(" files  "));
    text.append(ByteCount.text(bytes)).append("  ");
    text.append(ByteCount.text((long) rate)).append("/s");
    if (total.isPresent() && bytes > 0) {
      long left = (long) Math.ceil(Math.max(0, total.getAsLong() - bytes) / Math.max(rate, 1));
      text.append(String.format(Locale.ROOT, "  %d:%02d left", left / 60, left % 60));
    }
    return text.toString();
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
