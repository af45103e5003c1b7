// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.criubridge.core.checkpoint.Machine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds out what this machine and the running CRIU are. */
public final class MachineReader {

  private static final Pattern VERSION = Pattern.compile("Version: (\\S+)");
  private static final long TIMEOUT_SECONDS = 10;

  private Optional<Machine> known = Optional.empty();
  private Optional<Process> asked = Optional.empty();

  /** Asks the criu program its version, and does not wait for the answer. */
  public void ask(CriuRun run) throws IOException {
    if (known.isEmpty() && asked.isEmpty()) {
      asked = Optional.of(start(run.program()));
    }
  }

  /**
   * Describes this machine, with the version of the very criu program that runs. The program is
   * asked once: before the freeze, in the best case.
   */
  public Machine read(CriuRun run) throws IOException {
    if (known.isEmpty()) {
      ask(run);
      Package bridge = MachineReader.class.getPackage();
      String version = bridge.getImplementationVersion();
      known =
          Optional.of(
              new Machine(
                  architecture(),
                  System.getProperty("os.version"),
                  criuVersion(run.program(), asked.orElseThrow()),
                  version == null ? "unknown" : version));
    }
    return known.get();
  }

  /** The name that uname(1) uses, where Java has its own. */
  private static String architecture() {
    String name = System.getProperty("os.arch");
    return name.equals("amd64") ? "x86_64" : name;
  }

  private static Process start(Path program) throws IOException {
    Process process =
        new ProcessBuilder(program.toString(), "--version").redirectErrorStream(true).start();
    process.getOutputStream().close();
    return process;
  }

  private static String criuVersion(Path program, Process process) throws IOException {
    try {
      if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException(program + " --version: no answer in " + TIMEOUT_SECONDS + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(program + " --version: interrupted", e);
    }
    // A few lines: they fit into the pipe, so the program has ended before they are read.
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    Matcher matcher = VERSION.matcher(output);
    if (!matcher.find()) {
      throw new IOException(program + " --version: says no version: " + output.strip());
    }
    return matcher.group(1);
  }
}
