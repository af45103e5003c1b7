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

  /**
   * Describes this machine, with the version of the very criu program that runs. The program is
   * asked once: before the freeze, in the best case.
   */
  public Machine read(CriuRun run) throws IOException {
    if (known.isEmpty()) {
      known = Optional.of(ask(run));
    }
    return known.get();
  }

  private static Machine ask(CriuRun run) throws IOException {
    Package bridge = MachineReader.class.getPackage();
    String version = bridge.getImplementationVersion();
    return new Machine(
        architecture(),
        System.getProperty("os.version"),
        criuVersion(run.proc().path(run.criu().pid(), "exe")),
        version == null ? "unknown" : version);
  }

  /** The name that uname(1) uses, where Java has its own. */
  private static String architecture() {
    String name = System.getProperty("os.arch");
    return name.equals("amd64") ? "x86_64" : name;
  }

  private static String criuVersion(Path program) throws IOException {
    Process process =
        new ProcessBuilder(program.toString(), "--version").redirectErrorStream(true).start();
    process.getOutputStream().close();
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
