// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.images;

import io.criubridge.images.DumpStats;
import io.criubridge.images.ImageSet;
import io.criubridge.images.RestoreStats;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code criu-bridge images stats}: shows what CRIU measured. */
@Command(
    name = "stats",
    description =
        "Shows what CRIU measured of a dump, and of a restore."
            + " CRIU writes it to its work directory: with --work-dir, name that one.",
    mixinStandardHelpOptions = true)
final class Stats implements Callable<Integer> {
  private static final double NANOS_PER_MILLI = 1e6;

  @SuppressWarnings("NullAway.Init") // Set by picocli, as it is required.
  @Parameters(paramLabel = "DIR", description = "CRIU's image or work directory.")
  private Path directory;

  @Mixin private final OutputOptions options = new OutputOptions();

  @Override
  public Integer call() throws IOException {
    ImageSet set = new ImageSet(directory);
    Optional<DumpStats> dump = set.stats();
    Optional<RestoreStats> restore = set.restoreStats();
    if (dump.isEmpty() && restore.isEmpty()) {
      throw new IOException(
          directory + ": holds neither stats-dump nor stats-restore: name CRIU's work directory");
    }
    Output output = options.output();
    if (options.json()) {
      output.json(
          Json.object()
              .with("dump", dump.map(Stats::values).map(Stats::json))
              .with("restore", restore.map(Stats::values).map(Stats::json))
              .build());
    } else {
      dump.ifPresent(stats -> print("dump", values(stats), output));
      restore.ifPresent(stats -> print("restore", values(stats), output));
    }
    output.flush();
    return 0;
  }

  private static Map<String, Object> values(DumpStats stats) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("freezing", stats.freezing());
    values.put("frozen", stats.frozen());
    values.put("memoryDump", stats.memoryDump());
    values.put("memoryWrite", stats.memoryWrite());
    values.put("pagesScanned", stats.pagesScanned());
    values.put("pagesSkipped", stats.pagesSkipped());
    values.put("pagesWritten", stats.pagesWritten());
    return values;
  }

  private static Map<String, Object> values(RestoreStats stats) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("forking", stats.forking());
    values.put("restoring", stats.restoring());
    values.put("pagesCompared", stats.pagesCompared());
    values.put("pagesShared", stats.pagesShared());
    values.put("pagesRestored", stats.pagesRestored());
    return values;
  }

  /** Times are microseconds, as CRIU counts them. */
  private static Json json(Map<String, Object> values) {
    Json json = Json.object();
    values.forEach(
        (name, value) -> {
          if (value instanceof Duration time) {
            json.with(name + "Micros", time.toNanos() / 1000);
          } else {
            json.with(name, value);
          }
        });
    return json;
  }

  private static void print(String title, Map<String, Object> values, Output output) {
    output.line(output.strong(title));
    values.forEach(
        (name, value) ->
            output.line(
                "  %-14s %s"
                    .formatted(
                        name.replaceAll("(?=[A-Z])", " ").toLowerCase(Locale.ROOT), text(value))));
  }

  private static String text(Object value) {
    return value instanceof Duration time
        ? String.format(Locale.ROOT, "%.1f ms", time.toNanos() / NANOS_PER_MILLI)
        : value.toString();
  }
}
