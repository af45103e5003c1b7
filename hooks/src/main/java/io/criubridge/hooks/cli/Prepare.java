// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Runs {@code lib/java/prepare} of a program directory. */
final class Prepare {
  private static final String SETTINGS_ONLY = "--conf-only";

  private final Optional<Path> criu;
  private final PrintWriter out;

  Prepare(Optional<Path> criu, PrintWriter out) {
    this.criu = criu;
    this.out = out;
  }

  /**
   * Writes how the JVM is started and, if wholly, prepares that start. A node on which that fails
   * has criu-bridge nevertheless: what it starts with is slower, and {@code doctor} tells.
   */
  void run(Path program, boolean wholly) throws IOException {
    String script = program.resolve("lib/java/prepare").toString();
    List<String> whole = new ArrayList<>(List.of(script));
    criu.ifPresent(path -> whole.addAll(List.of("--criu", path.toString())));
    if (wholly && succeeds(whole)) {
      return;
    }
    if (wholly) {
      out.println("install: WARNING: not prepared, see above; run " + script + " again later");
    }
    if (!succeeds(List.of(script, SETTINGS_ONLY))) {
      throw new IOException(script + " failed, see above");
    }
  }

  private boolean succeeds(List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        out.println(line);
        out.flush();
      }
      return process.waitFor() == 0;
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException(command + ": interrupted", e);
    }
  }
}
