// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli;

import io.criubridge.hooks.PhaseStatus;
import io.criubridge.hooks.RunStatus;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/** The phases of a run with their durations, as bars. */
final class PhaseChart {

  private static final int WIDTH = 40;
  private static final double NANOS_PER_MILLI = 1e6;

  private PhaseChart() {}

  static String of(RunStatus status) {
    StringBuilder text = new StringBuilder();
    text.append(lower(status.operation())).append(": ").append(lower(status.result()));
    if (!status.reason().isEmpty()) {
      text.append(": ").append(status.reason());
    }
    text.append('\n');
    double longest =
        status.phases().stream().mapToDouble(p -> milliseconds(p.duration())).max().orElse(0);
    for (PhaseStatus phase : status.phases()) {
      text.append(line(phase, longest));
    }
    long peak = status.phases().stream().mapToLong(PhaseStatus::peakBytes).max().orElse(0);
    if (peak > 0) {
      text.append("  most memory of the worker: ").append(ByteCount.text(peak)).append('\n');
    }
    return text.toString();
  }

  private static String line(PhaseStatus phase, double longest) {
    double milliseconds = milliseconds(phase.duration());
    int length = longest > 0 ? (int) Math.round(WIDTH * milliseconds / longest) : 0;
    StringJoiner parts = new StringJoiner(", ");
    for (Map.Entry<String, Duration> part : phase.parts().entrySet()) {
      parts.add(part.getKey() + format(" %.1f", milliseconds(part.getValue())));
    }
    boolean failed = phase.result() == RunStatus.Result.FAILED;
    return format(
            "  %-13s %9.1f ms  %-" + WIDTH + "s  %s",
            phase.phase(),
            milliseconds,
            "#".repeat(length),
            failed ? "failed" : parts)
        .stripTrailing()
        .concat("\n");
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static String format(String format, Object... arguments) {
    return String.format(Locale.ROOT, format, arguments);
  }

  private static double milliseconds(Duration duration) {
    return duration.toNanos() / NANOS_PER_MILLI;
  }
}
