// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/** A report that takes the time of a phase's parts. */
final class PhaseTimes implements Report {

  private final Report report;
  private final Map<String, Duration> parts = new LinkedHashMap<>();
  private final long start = System.nanoTime();
  private long last = start;

  PhaseTimes(Report report) {
    this.report = report;
  }

  @Override
  public void line(String text) throws IOException {
    report.line(text);
  }

  @Override
  public void done(String part) {
    long now = System.nanoTime();
    parts.merge(part, Duration.ofNanos(now - last), Duration::plus);
    last = now;
  }

  Map<String, Duration> parts() {
    return parts;
  }

  Duration total() {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /** Milliseconds of each part, for the worker's log. */
  String text() {
    StringJoiner text = new StringJoiner(" ");
    parts.forEach((name, part) -> text.add(name + "=" + milliseconds(part)));
    return text.toString();
  }

  static String milliseconds(Duration duration) {
    return String.format(Locale.ROOT, "%.1f", duration.toNanos() / 1e6);
  }
}
