// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.e2e;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs commands for a lab, with their output in files of its directory. */
final class Commands {

  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final Path directory;
  private final List<String> within;
  private final Map<String, String> environment = new HashMap<>();

  /**
   * Runs none yet.
   *
   * @param within what each command line begins with
   */
  Commands(Path directory, List<String> within) {
    this.directory = directory;
    this.within = List.copyOf(within);
  }

  void environment(Map<String, String> variables) {
    environment.putAll(variables);
  }

  /** A command that goes on while others run. */
  record Started(String name, Process process, Path output) {

    /** Waits for its end. */
    Lab.Result end() {
      try {
        if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
          process.destroyForcibly();
          throw new AssertionError(name + ": no end in " + LIMIT + "\n" + Lab.text(output));
        }
        return new Lab.Result(process.exitValue(), Lab.text(output), "");
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  /** A command with the variables that every command has. */
  ProcessBuilder builder(List<String> command) {
    // A shell's job in the background ignores Ctrl-C, and so does all that it starts.
    List<String> words = new ArrayList<>(List.of("env", "--default-signal=INT"));
    words.addAll(within);
    words.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(words);
    builder.environment().putAll(environment);
    return builder;
  }

  Started start(String... command) {
    try {
      ProcessBuilder builder = builder(List.of(command)).redirectErrorStream(true);
      Path output = Files.createTempFile(directory, "output", "");
      builder.redirectOutput(output.toFile());
      builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
      return new Started(String.join(" ", command), builder.start(), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
