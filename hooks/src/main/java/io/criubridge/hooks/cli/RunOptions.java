// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli;

import io.criubridge.hooks.Report;
import io.criubridge.hooks.rpc.CriuPrograms;
import io.criubridge.hooks.rpc.InterruptedRun;
import io.criubridge.hooks.rpc.Interruption;
import io.criubridge.hooks.rpc.RpcSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of the commands that run CRIU. */
final class RunOptions {

  @Option(names = "--criu", paramLabel = "PROGRAM", description = "CRIU, if not the one on PATH.")
  @SuppressWarnings("NullAway.Init")
  private Path criu;

  @Option(
      names = "--runtime",
      paramLabel = "containerd|crio|auto",
      description = "Who is asked for the container; default: the setting 'runtime'.")
  private Optional<String> runtime = Optional.empty();

  @Option(
      names = {"-v", "--verbose"},
      description = "Print what each phase has to say, and why each mount is what it is.")
  private boolean verbose;

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean json;

  boolean json() {
    return json;
  }

  /** This process's variables, with what options stand for; others may be added. */
  Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>(System.getenv());
    runtime.ifPresent(type -> environment.put("CRIU_BRIDGE_RUNTIME", type));
    return environment;
  }

  /** What a command has CRIU do. */
  @FunctionalInterface
  interface Work {
    void by(RpcSettings settings) throws IOException;
  }

  /**
   * Works, with an eye on Ctrl-C, and tells a person what went wrong.
   *
   * @return the exit code
   */
  int run(Map<String, String> environment, PrintWriter err, Work work) {
    try (Interruption interruption =
        Interruption.watch(notice -> err.println("criu-bridge: " + notice))) {
      int exitCode = 0;
      try {
        work.by(settings(environment, interruption, err));
      } catch (InterruptedRun e) {
        // The signal's is the JVM's.
        return CriuBridge.report(e, err);
      } catch (IOException e) {
        exitCode = CriuBridge.report(e, err);
      }
      interruption.exitWith(exitCode);
      return exitCode;
    }
  }

  /**
   * Prints the result.
   *
   * @throws IOException if it does not get to where it is printed to
   */
  static void print(PrintWriter out, String result) throws IOException {
    out.println(result);
    // The one does not tell of the other's errors.
    if (out.checkError() || System.out.checkError()) {
      throw new IOException("the result could not be written to standard output: " + result);
    }
  }

  private RpcSettings settings(
      Map<String, String> environment, Interruption interruption, PrintWriter err)
      throws IOException {
    Report lines =
        line -> {
          err.println(line);
          err.flush();
        };
    Report nothing = line -> {};
    return new RpcSettings(
        CriuPrograms.find(Optional.ofNullable(criu), Distribution.directory(), environment),
        environment,
        interruption,
        verbose || Terminal.current().err() ? lines : nothing,
        verbose ? lines : nothing);
  }
}
