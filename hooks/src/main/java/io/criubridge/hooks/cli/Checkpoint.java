// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli;

import com.google.gson.JsonObject;
import io.criubridge.core.checkpoint.CheckpointLayout;
import io.criubridge.core.checkpoint.CheckpointManifest;
import io.criubridge.core.proc.ProcFs;
import io.criubridge.core.proc.ProcessIdentity;
import io.criubridge.hooks.rpc.LateFailure;
import io.criubridge.hooks.rpc.RpcDump;
import io.criubridge.images.DumpStats;
import io.criubridge.images.ImageSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code criu-bridge checkpoint}: makes a checkpoint of a container. */
@Command(
    name = "checkpoint",
    description = {
      "Makes a checkpoint of a container: its processes, by CRIU, and its changed files.",
      "Ctrl-C gives it up; the container runs on then."
    },
    customSynopsis =
        "criu-bridge checkpoint CONTAINER-ID | pod NAMESPACE/POD/CONTAINER | --pid=PID -o DIR"
            + " [OPTION...] [-- CRIU-OPTION...]",
    mixinStandardHelpOptions = true)
final class Checkpoint implements Callable<Integer> {

  private static final double NANOS_PER_MILLI = 1e6;

  @Parameters(hidden = true, arity = "0..*", description = "The container.")
  private List<String> words = new ArrayList<>();

  @Option(names = "--pid", paramLabel = "PID", description = "The container's first process.")
  private Optional<Integer> pid = Optional.empty();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "DIR",
      required = true,
      description =
          "Where the checkpoint goes: a directory that is empty, or made if it is not there.")
  @SuppressWarnings("NullAway.Init")
  private Path directory;

  @Option(names = "--leave-running", description = "Let the container run on.")
  private boolean leaveRunning;

  @Mixin private RunOptions options = new RunOptions();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    CriuOptions given = CriuOptions.of(words, spec.commandLine());
    Map<String, String> environment = options.environment();
    return options.run(
        environment,
        spec.commandLine().getErr(),
        settings -> {
          ProcessIdentity init = init(given.operands(), environment);
          new RpcDump(init, directory, leaveRunning, given.criu()).run(settings);
          try {
            RunOptions.print(spec.commandLine().getOut(), result());
          } catch (IOException e) {
            throw LateFailure.ofDump(directory, e);
          }
        });
  }

  private ProcessIdentity init(List<String> operands, Map<String, String> environment)
      throws IOException {
    if (pid.isPresent() && operands.isEmpty()) {
      return ProcessIdentity.of(ProcFs.HOST, pid.get());
    }
    if (pid.isPresent()) {
      throw new ParameterException(
          spec.commandLine(), "name one container: either by --pid, or by its id or its pod");
    }
    return new NamedContainer(operands, spec.commandLine()).init(environment);
  }

  private String result() throws IOException {
    CheckpointManifest manifest = CheckpointManifest.read(new CheckpointLayout(directory));
    double frozen =
        new ImageSet(directory)
            .stats()
            .map(DumpStats::frozen)
            .map(time -> time.toNanos() / NANOS_PER_MILLI)
            .orElse(0.0);
    if (options.json()) {
      JsonObject result = new JsonObject();
      result.addProperty("checkpointId", manifest.checkpointId());
      result.addProperty("directory", directory.toAbsolutePath().toString());
      result.addProperty("processes", manifest.processes().size());
      result.addProperty("frozenMilliseconds", frozen);
      result.addProperty("running", leaveRunning);
      return result.toString();
    }
    return String.format(
        Locale.ROOT,
        "%s: checkpoint of %d processes in %s, frozen for %.1f ms",
        manifest.checkpointId(),
        manifest.processes().size(),
        directory,
        frozen);
  }
}
