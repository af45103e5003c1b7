// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.criubridge.hooks.PhaseContext;
import io.criubridge.hooks.PhaseDispatcher;
import io.criubridge.hooks.RunDirectory;
import io.criubridge.hooks.RunEnd;
import io.criubridge.hooks.phase.Phase;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Map;
import java.util.Set;

/** Does one phase in a JVM of its own, because the run's worker is gone. */
final class ColdPhase {

  /** After these nothing comes that would need the run's directory. */
  private static final Set<Phase> LAST = Set.of(Phase.POST_DUMP, Phase.POST_RESUME, Phase.ABORT);

  private final RunDirectory directory;
  private final PhaseDispatcher dispatcher;

  ColdPhase(RunDirectory directory, PhaseDispatcher dispatcher) {
    this.directory = directory;
    this.dispatcher = dispatcher;
  }

  void run(Map<String, String> environment, PrintStream answer) throws IOException {
    PrintStream out = new PrintStream(answer, true, UTF_8);
    int exitCode = dispatcher.dispatch(environment, out::println);
    Phase phase = PhaseContext.phase(environment).orElse(Phase.ABORT);
    if (LAST.contains(phase) || exitCode != 0) {
      try {
        RunEnd.finish(dispatcher, RunEnd.Outcome.UNKNOWN);
      } finally {
        directory.remove();
      }
    }
    out.println("exit " + exitCode);
    out.flush();
  }
}
