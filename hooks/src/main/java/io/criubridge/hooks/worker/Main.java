// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.worker;

import io.criubridge.hooks.PhaseDispatcher;
import io.criubridge.hooks.PhaseHandler;
import io.criubridge.hooks.RunDirectory;
import io.criubridge.hooks.dump.DumpClaim;
import io.criubridge.hooks.dump.DumpPhases;
import io.criubridge.hooks.phase.Phase;
import io.criubridge.hooks.restore.RestorePhases;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;

/**
 * What the launcher starts: {@code worker} serves a whole CRIU run over a socket, {@code phase}
 * does one phase when there is no worker any more. Not for people; their command is {@code
 * criu-bridge}.
 */
public final class Main {

  private static final int USAGE = 64;

  private Main() {}

  /** Runs the mode that the launcher asks for. */
  public static void main(String[] arguments) throws IOException {
    String directory = System.getenv("CRIU_BRIDGE_WORKER_DIR");
    String mode = arguments.length == 1 ? arguments[0] : "";
    if (directory == null || !(mode.equals("worker") || mode.equals("phase"))) {
      System.err.println("started by criu-bridge-hook only; see 'criu-bridge --help'");
      System.exit(USAGE);
      return;
    }
    RunDirectory run = RunDirectory.of(Path.of(directory));
    PhaseDispatcher dispatcher = new PhaseDispatcher(run, handlers());
    if (mode.equals("worker")) {
      new Worker(run, dispatcher).serve();
    } else {
      new ColdPhase(run, dispatcher).run(System.getenv(), System.out);
    }
    if (Boolean.getBoolean("criubridge.recording")) {
      // lib/java/prepare has this JVM keep its classes, which it does when it ends in good order.
      return;
    }
    // Not exit(): nothing here waits for shutdown hooks, and CRIU may wait for this process.
    Runtime.getRuntime().halt(0);
  }

  private static Map<Phase, PhaseHandler> handlers() {
    Map<Phase, PhaseHandler> handlers = new EnumMap<>(Phase.class);
    handlers.putAll(DumpPhases.handlers(DumpClaim.toBeTaken()));
    handlers.putAll(RestorePhases.handlers());
    handlers.put(Phase.ABORT, new Abort());
    return handlers;
  }
}
