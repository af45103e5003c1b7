// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli;

import io.criubridge.hooks.Report;
import io.criubridge.hooks.rpc.CriuPrograms;
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
        Interruption.watch(
            () -> err.println("criu-bridge: interrupted, giving up in good order"))) {
      try {
        work.by(settings(environment, interruption, err));
        return 0;
      } catch (IOException e) {
        return CriuBridge.report(e, err);
      }
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
