// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.criubridge.core.checkpoint.CheckpointLayout;
import io.criubridge.core.proc.ProcFs;
import io.criubridge.core.proc.ProcessIdentity;
import io.criubridge.core.sys.PathText;
import io.criubridge.hooks.CriuRun;
import io.criubridge.hooks.PhaseContext;
import io.criubridge.hooks.PhaseDispatcher;
import io.criubridge.hooks.Report;
import io.criubridge.hooks.RunDirectory;
import io.criubridge.hooks.RunEnd;
import io.criubridge.hooks.RunStatus;
import io.criubridge.hooks.phase.Phase;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Serves one CRIU run: answers the launcher's requests one after the other, and ends when the criu
 * process ends or the last phase is done. Then it withdraws what is not to stay and removes the
 * run's directory.
 */
final class Worker {

  private static final Duration LOOK_AT_CRIU_EVERY = Duration.ofMillis(50);
  private static final int MAX_REQUEST_BYTES = 4 << 20;

  private final RunDirectory directory;
  private final PhaseDispatcher dispatcher;
  private final ProcFs proc = ProcFs.HOST;
  private Optional<StatsWatch> stats = Optional.empty();
  private Optional<ProcessIdentity> dumped = Optional.empty();

  Worker(RunDirectory directory, PhaseDispatcher dispatcher) {
    this.directory = directory;
    this.dispatcher = dispatcher;
  }

  /**
   * Serves until the run is over.
   *
   * <p>Source of the protocol: {@code exchange.h} of the launcher: {@code NAME=VALUE\0}..., then
   * lines of text and {@code exit <n>}.
   */
  void serve() throws IOException {
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        Selector selector = Selector.open()) {
      // Relative, since the launcher starts us in the directory: an address is 108 bytes at most.
      server.bind(UnixDomainSocketAddress.of("socket"));
      server.configureBlocking(false);
      server.register(selector, SelectionKey.OP_ACCEPT);
      removeStaleSiblings();
      while (directory.criu().isAlive(proc)) {
        selector.select(LOOK_AT_CRIU_EVERY.toMillis());
        selector.selectedKeys().clear();
        SocketChannel connection = server.accept();
        if (connection != null && answer(connection)) {
          return;
        }
      }
    }
    end(outcome());
  }

  private void end(RunEnd.Outcome outcome) throws IOException {
    try {
      RunEnd.finish(dispatcher, outcome);
    } finally {
      directory.remove();
    }
  }

  /** What came of the run, now that the criu process has ended. */
  private RunEnd.Outcome outcome() throws IOException {
    if (tasksEnded()) {
      return RunEnd.Outcome.COMPLETE;
    }
    if (stats.isPresent()) {
      return stats.get().sawStats() ? RunEnd.Outcome.COMPLETE : RunEnd.Outcome.FAILED;
    }
    // A machine may be out of inotify instances: then a directory that is still there tells.
    Optional<Path> work = dispatcher.run().map(CriuRun::workDirectory).filter(Files::isDirectory);
    if (work.isEmpty()) {
      return RunEnd.Outcome.UNKNOWN;
    }
    return Files.exists(work.get().resolve(CheckpointLayout.CRIU_STATS))
        ? RunEnd.Outcome.COMPLETE
        : RunEnd.Outcome.FAILED;
  }

  /**
   * Whether a dump has ended its tasks, which CRIU does only when all went well: with nothing left
   * of the container but its checkpoint, statistics that could not be written do not matter.
   */
  private boolean tasksEnded() throws IOException {
    return dumped.isPresent() && !dumped.get().isAlive(proc);
  }

  /** Notes the root task when post-dump has gone well. */
  private void rememberDumped(Map<String, String> environment, int exitCode) throws IOException {
    if (exitCode == 0
        && PhaseContext.phase(environment).equals(Optional.of(Phase.POST_DUMP))
        && dispatcher.run().isPresent()) {
      PhaseContext context = PhaseContext.of(environment, directory, dispatcher.run());
      dumped = Optional.of(ProcessIdentity.of(proc, context.requiredInitPid()));
    }
  }

  /** Begins to watch for the end of a dump, before the launcher has its answer. */
  private void watchDump() {
    Optional<CriuRun> run = dispatcher.run();
    boolean dump =
        dispatcher.status().filter(s -> s.operation() == Phase.Operation.DUMP).isPresent();
    if (run.isPresent() && dump && stats.isEmpty()) {
      try {
        stats = Optional.of(StatsWatch.of(run.get().workDirectory()));
      } catch (IOException e) {
        System.err.println("the end of the dump cannot be watched: " + e);
      }
    }
  }

  /** Somebody else's leavings must not fail this run. */
  private void removeStaleSiblings() {
    try {
      directory.removeStaleSiblings(proc);
    } catch (IOException e) {
      System.err.println("stale run directories were not removed: " + e);
    }
  }

  /** Answers one request; says whether it was the last one of the run. */
  private boolean answer(SocketChannel connection) {
    try (connection) {
      connection.configureBlocking(true);
      Map<String, String> environment = readRequest(Channels.newInputStream(connection));
      if (environment.isEmpty()) {
        // The launcher only looks whether we are there.
        return false;
      }
      Report report = report(Channels.newOutputStream(connection));
      int exitCode;
      CriuWatch watch = new CriuWatch(directory.criu(), proc);
      try (watch) {
        exitCode = dispatcher.dispatch(environment, report);
      }
      watchDump();
      rememberDumped(environment, exitCode);
      if (isRestoreComplete()) {
        // Before the answer: a second call for this phase must find neither worker nor directory.
        end(RunEnd.Outcome.UNKNOWN);
      }
      if (isAwaited(environment)) {
        report.line("exit " + exitCode);
      }
    } catch (IOException e) {
      // Its launcher is gone or gets no verdict, and CRIU sees that; the run is still to be
      // settled.
      System.err.println("criu-bridge: a request is left without an answer: " + e);
    }
    return isRestoreComplete();
  }

  private static boolean isAwaited(Map<String, String> environment) {
    return PhaseContext.phase(environment).filter(phase -> !phase.isAwaited()).isEmpty();
  }

  /** A launcher that is gone must not make a phase fail that is all right: its lines go nowhere. */
  private static Report report(OutputStream answer) {
    return line -> {
      try {
        answer.write((line + "\n").getBytes(UTF_8));
      } catch (IOException e) {
        System.err.println("no launcher to tell: " + line);
      }
    };
  }

  private boolean isRestoreComplete() {
    Optional<RunStatus> status = dispatcher.status();
    return status.isPresent() && status.get().isRestoreOver();
  }

  private static Map<String, String> readRequest(InputStream in) throws IOException {
    Map<String, String> environment = new LinkedHashMap<>();
    for (String variable : PathText.of(in.readNBytes(MAX_REQUEST_BYTES)).split("\0", -1)) {
      int equals = variable.indexOf('=');
      if (equals > 0) {
        environment.put(variable.substring(0, equals), variable.substring(equals + 1));
      }
    }
    return environment;
  }
}
