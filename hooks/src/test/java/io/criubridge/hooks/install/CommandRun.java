// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.install;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program that was run to its end, and what it printed. */
record CommandRun(int exitCode, String output) {
  private static final int LIMIT_SECONDS = 300;

  /** Runs a command, with its output in a file of the directory. */
  static CommandRun of(Path directory, String... command) throws Exception {
    Path output = Files.createTempFile(directory, "output", "");
    Process process = start(output, command);
    if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
      throw new AssertionError(List.of(command) + ": no end\n" + Files.readString(output));
    }
    return new CommandRun(process.exitValue(), new String(Files.readAllBytes(output), UTF_8));
  }

  /** Starts a command that goes on. */
  static Process start(Path output, String... command) throws IOException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
        .redirectOutput(output.toFile())
        .start();
  }

  /** Fails, with the output, unless the program ended with 0. */
  CommandRun ok() {
    if (exitCode != 0) {
      throw new AssertionError(exitCode + ": " + output);
    }
    return this;
  }
}
