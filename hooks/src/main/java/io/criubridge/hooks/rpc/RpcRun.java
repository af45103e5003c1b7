// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.rpc;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.criubridge.core.checkpoint.CheckpointLayout;
import io.criubridge.core.proc.ProcFs;
import io.criubridge.hooks.CriuCommandLine;
import io.criubridge.hooks.CriuRun;
import io.criubridge.hooks.PhaseContext;
import io.criubridge.hooks.PhaseDispatcher;
import io.criubridge.hooks.PhaseFailure;
import io.criubridge.hooks.PhaseHandler;
import io.criubridge.hooks.RunDirectory;
import io.criubridge.hooks.RunEnd;
import io.criubridge.hooks.RunStatus;
import io.criubridge.hooks.config.Configuration;
import io.criubridge.hooks.config.ConfigurationReader;
import io.criubridge.hooks.phase.Phase;
import io.criubridge.hooks.phase.Phase.Operation;
import io.criubridge.hooks.restore.Placeholder;
import io.criubridge.images.proto.criu_opts;
import io.criubridge.images.proto.criu_req;
import io.criubridge.images.proto.criu_req_type;
import io.criubridge.images.proto.criu_resp;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One run of CRIU over its RPC. The first phase is done before the request, so that its plan is in
 * the request; CRIU's notification of it then finds it done.
 */
final class RpcRun implements AutoCloseable {

  /** What runc asks for too: without, a failure is hard to understand. */
  private static final int LOG_LEVEL = 4;

  private static final List<String> SWRK = List.of("swrk", "3");

  private final RpcSettings settings;
  private final Operation operation;
  private final Optional<Placeholder> placeholder;
  private final SwrkProcess process;
  private final CriuRun run;
  private final PhaseDispatcher dispatcher;
  private final PhaseThread phases;
  private Optional<Boolean> answer = Optional.empty();
  private Optional<Integer> initPid = Optional.empty();

  /**
   * Prepares a run.
   *
   * @param imageDirectory a directory that is there
   * @param placeholder the container to restore into
   * @param options of criu's command line
   */
  RpcRun(
      RpcSettings settings,
      Operation operation,
      Map<Phase, PhaseHandler> handlers,
      Path imageDirectory,
      Optional<Placeholder> placeholder,
      List<String> options)
      throws IOException {
    this.settings = settings;
    this.operation = operation;
    ProcFs proc = ProcFs.HOST;
    this.placeholder = placeholder;
    process =
        SwrkProcess.start(
            settings.programs(), operation, placeholder.map(Placeholder::init), options, proc);
    try {
      if (placeholder.isPresent()) {
        // Its namespaces are held since before.
        placeholder.get().requireAlive();
      }
      run = criuRun(proc, imageDirectory.toRealPath(), options);
      RunDirectory directory = run.directory();
      dispatcher =
          new PhaseDispatcher(
              directory, handlers, new PrintStream(OutputStream.nullOutputStream(), false, UTF_8));
      phases = new PhaseThread(dispatcher, settings.interruption(), settings.details());
    } catch (IOException | RuntimeException e) {
      process.close();
      throw e;
    }
  }

  private CriuRun criuRun(ProcFs proc, Path imageDirectory, List<String> options)
      throws IOException {
    List<String> arguments = new ArrayList<>(SWRK);
    arguments.addAll(options);
    CriuCommandLine commandLine = new CriuCommandLine(arguments);
    Configuration configuration =
        ConfigurationReader.read(operation, Optional.of(imageDirectory), settings.environment());
    return new CriuRun(
        process.criu(),
        settings.programs().criu(),
        commandLine,
        imageDirectory,
        commandLine.workDirectory().map(Path::toAbsolutePath).orElse(imageDirectory),
        RpcRunDirectory.create(settings.environment(), process.criu(), proc),
        configuration,
        proc);
  }

  CriuRun run() {
    return run;
  }

  /** How the run stands. */
  RunStatus status() {
    return dispatcher.status().orElseGet(() -> RunStatus.started(operation));
  }

  /** Names the root task, for the phases that are to come. */
  void initPid(int pid) {
    initPid = Optional.of(pid);
  }

  Optional<Integer> initPid() {
    return initPid;
  }

  /**
   * Does what comes before CRIU: plans, and has CRIU begin.
   *
   * @param options of the request, but for those that every request has and the plan's
   */
  void begin(Phase first, criu_req_type type, criu_opts.Builder options) throws IOException {
    phase(first);
    PlannedRequest planned =
        PlannedRequest.of(run.directory().plan(), run.commandLine().externals());
    run.directory().recordApplied(planned.applied());
    criu_opts request =
        options
            .setImagesDirFd(-1)
            // CRIU 4.1 takes nothing but a link.
            .setImagesDir("/proc/self/fd/" + BeginFrame.IMAGE_DIRECTORY)
            .setLogFile(log().getFileName().toString())
            .setLogLevel(LOG_LEVEL)
            .setNotifyScripts(true)
            .mergeFrom(planned.options())
            .build();
    List<BeginFrame> frames = new ArrayList<>();
    frames.add(BeginFrame.ofImages(run.imageDirectory()));
    frames.addAll(planned.files());
    if (placeholder.isPresent()) {
      frames.add(BeginFrame.stage(Files.createDirectory(Placeholder.stage(run.directory()))));
      frames.addAll(planned.mounts());
      placeholder.get().takeIntoCgroups(process.criu());
    }
    // CRIU may fail before it opens its log: what an earlier one said is not of this run.
    Files.deleteIfExists(log());
    process.begin(frames, criu_req.newBuilder().setType(type).setOpts(request).build());
  }

  private Path log() {
    return run.workDirectory().resolve(operation.name().toLowerCase(Locale.ROOT) + ".log");
  }

  /**
   * Answers CRIU's notifications until it has done what it was asked.
   *
   * @param before what to do before the phase of a notification
   * @return its final answer
   * @throws InterruptedRun if the user has the run given up
   * @throws PhaseFailure if a phase fails
   * @throws CriuFailure if CRIU does
   */
  criu_resp converse(Conversation.Notified before) throws IOException {
    Conversation.End end =
        new Conversation(process, settings.interruption())
            .hold(
                notify -> {
                  before.by(notify);
                  notified(notify.getScript());
                });
    answer = end.answer().map(criu_resp::getSuccess);
    if (end.failure().isPresent()) {
      throw end.failure().get();
    }
    if (!end.isSuccess()) {
      int exitCode = process.end();
      phases.close();
      throw CriuFailure.of(log(), end.error(), process.errorText(), exitCode, status().reason());
    }
    return end.answer().orElseThrow();
  }

  private void notified(String script) throws IOException {
    Optional<Phase> phase = Phase.ofAction(script);
    if (phase.filter(Phase::isAwaited).isPresent()) {
      phase(phase.get());
      return;
    }
    settings.progress().line("%-13s", script);
    if (phase.isPresent()) {
      phases.begin(new PhaseContext(phase.get(), run, initPid, Optional.empty()));
    }
  }

  /**
   * Whether CRIU did what it was asked, whatever failed beside, once the run is closed. If its
   * answer is lost, what it leaves last tells.
   */
  boolean isDone() {
    return answer.orElseGet(
        () ->
            operation == Operation.DUMP
                ? Files.exists(run.workDirectory().resolve(CheckpointLayout.CRIU_STATS))
                    && Files.exists(new CheckpointLayout(run.imageDirectory()).manifest())
                : status().isRestoreOver());
  }

  private void phase(Phase phase) throws IOException {
    boolean again = status().has(phase);
    PhaseContext context = new PhaseContext(phase, run, initPid, Optional.empty());
    Optional<Integer> exitCode = phases.run(context);
    if (exitCode.isEmpty()) {
      settings.interruption().requireNone();
    }
    if (exitCode.orElse(0) != 0) {
      String reason = status().reason();
      throw new PhaseFailure(exitCode.get(), reason.isEmpty() ? phase + " failed" : reason);
    }
    if (!again) {
      settings.progress().line("%-13s %8.1f ms", phase, milliseconds(phase));
    }
  }

  private double milliseconds(Phase phase) {
    return status().phases().stream()
        .filter(done -> done.phase() == phase)
        .mapToDouble(done -> done.duration().toNanos() / 1e6)
        .sum();
  }

  /** Has CRIU give up if it still works, and settles what is in the image directory. */
  @Override
  public void close() throws IOException {
    try {
      process.close();
    } finally {
      endPhases();
    }
  }

  private void endPhases() throws IOException {
    try {
      phases.close();
    } finally {
      settle();
    }
  }

  private void settle() throws IOException {
    try {
      RunEnd.finish(dispatcher, isDone() ? RunEnd.Outcome.COMPLETE : RunEnd.Outcome.FAILED);
    } finally {
      run.directory().remove();
    }
  }
}
