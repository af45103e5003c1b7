// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.images;

import io.criubridge.hooks.cli.ExitCode;
import io.criubridge.images.ImageSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code criu-bridge images diff}: compares two checkpoints. */
@Command(
    name = "diff",
    description =
        "Compares the processes, files, sockets, mounts and memory of two checkpoints."
            + " Exits with 1 if they differ.",
    mixinStandardHelpOptions = true)
final class Diff implements Callable<Integer> {

  @SuppressWarnings("NullAway.Init") // Set by picocli, as it is required.
  @Parameters(index = "0", paramLabel = "DIR1", description = "The image directory of one.")
  private Path first;

  @SuppressWarnings("NullAway.Init")
  @Parameters(index = "1", paramLabel = "DIR2", description = "That of the other.")
  private Path second;

  @Mixin private final OutputOptions options = new OutputOptions();

  /**
   * A difference.
   *
   * @param before none if the thing was added
   * @param after none if it was removed
   */
  record Difference(String name, @Nullable String before, @Nullable String after) {
    Json json() {
      Json json = Json.object().with("name", name);
      if (before != null) {
        json.with("before", before);
      }
      if (after != null) {
        json.with("after", after);
      }
      return json;
    }
  }

  @Override
  public Integer call() throws IOException {
    SetSummary before = SetSummary.of(new ImageSet(first));
    SetSummary after = SetSummary.of(new ImageSet(second));
    Output output = options.output();
    Json json = Json.object();
    boolean differ = false;
    for (Map.Entry<String, Map<String, String>> section : before.sections().entrySet()) {
      List<Difference> differences =
          differences(
              section.getValue(), after.sections().getOrDefault(section.getKey(), Map.of()));
      differ |= !differences.isEmpty();
      json.with(section.getKey(), differences.stream().map(Difference::json).toList());
      if (!options.json() && !differences.isEmpty()) {
        output.line(output.strong(section.getKey()));
        differences.forEach(difference -> print(difference, output));
      }
    }
    if (options.json()) {
      output.json(json.build());
    }
    output.flush();
    return differ ? ExitCode.DIFFERENT : 0;
  }

  static List<Difference> differences(Map<String, String> before, Map<String, String> after) {
    Set<String> names = new LinkedHashSet<>(before.keySet());
    names.addAll(after.keySet());
    List<Difference> differences = new ArrayList<>();
    for (String name : names) {
      Difference difference = new Difference(name, before.get(name), after.get(name));
      if (difference.before == null || !difference.before.equals(difference.after)) {
        differences.add(difference);
      }
    }
    return differences;
  }

  private static void print(Difference difference, Output output) {
    if (difference.before == null) {
      output.line(output.added("+ " + difference.name + "  " + difference.after));
    } else if (difference.after == null) {
      output.line(output.removed("- " + difference.name + "  " + difference.before));
    } else {
      output.line(output.changed("~ " + difference.name));
      output.line("    - " + difference.before);
      output.line("    + " + difference.after);
    }
  }
}
