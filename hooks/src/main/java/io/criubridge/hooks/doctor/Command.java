// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.doctor;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.criubridge.hooks.doctor.NodeFacts.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a program that is asked something. */
final class Command {
  private static final int SECONDS = 20;
  private static final int FAILED = -1;

  private Command() {}

  /** Runs it to its end; the message is its first line, or of a failure the last one. */
  static Outcome run(String... command) throws IOException {
    Path output = Files.createTempFile("criu-bridge-doctor", ".out");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      process.getOutputStream().close();
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return new Outcome(FAILED, "no answer in " + SECONDS + " s");
      }
      List<String> lines =
          new String(Files.readAllBytes(output), UTF_8)
              .lines()
              .filter(line -> !line.isBlank())
              .toList();
      int telling = process.exitValue() == 0 ? 0 : lines.size() - 1;
      return new Outcome(
          process.exitValue(), lines.isEmpty() ? "says nothing" : lines.get(telling).strip());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(command[0] + ": interrupted", e);
    } finally {
      Files.delete(output);
    }
  }
}
