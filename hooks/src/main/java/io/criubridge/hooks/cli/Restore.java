// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.criubridge.core.proc.ProcFs;
import io.criubridge.core.proc.ProcessIdentity;
import io.criubridge.hooks.PidMap;
import io.criubridge.hooks.config.ListText;
import io.criubridge.hooks.rpc.LateFailure;
import io.criubridge.hooks.rpc.RpcRestore;
import io.criubridge.hooks.rpc.RpcRestore.Restored;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Stack;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code criu-bridge restore}: restores the processes of a checkpoint. */
@Command(
    name = "restore",
    description = {
      "Restores the processes of a checkpoint, with their files: into a container that waits for"
          + " them, or into a root that is mounted. In the latter they are nobody's container.",
      "Ctrl-C gives it up until the processes run."
    },
    customSynopsis =
        "criu-bridge restore DIR --into=CONTAINER-ID|PID | --into pod NAMESPACE/POD/CONTAINER"
            + " | --root=ROOT [OPTION...] [-- CRIU-OPTION...]",
    mixinStandardHelpOptions = true)
final class Restore implements Callable<Integer> {

  private static final String MAP = "CRIU_BRIDGE_MAP";

  @Parameters(hidden = true, arity = "0..*")
  private List<String> words = new ArrayList<>();

  @Option(
      names = "--root",
      paramLabel = "ROOT",
      description = "The mounted root of the container, as of its image.")
  private Optional<Path> root = Optional.empty();

  @Option(
      names = "--into",
      paramLabel = "CONTAINER",
      parameterConsumer = Into.class,
      description =
          "The container that waits: its id, the PID of its first process, or pod"
              + " NAMESPACE/POD/CONTAINER. The processes get its root, its mounts, its network, its"
              + " control groups and its standard streams.")
  private List<String> into = List.of();

  @Option(
      names = "--map",
      paramLabel = "IN=OUT",
      description =
          "Takes what is mounted at IN in the container from OUT of this machine; IN may be stdin,"
              + " stdout or stderr too.")
  private List<String> map = new ArrayList<>();

  @Mixin private RunOptions options = new RunOptions();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    CriuOptions given = CriuOptions.of(words, spec.commandLine());
    if (given.operands().size() != 1) {
      throw new ParameterException(spec.commandLine(), "name one directory with a checkpoint");
    }
    if (root.isPresent() && !into.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "either --into or --root, not both");
    }
    Path directory = Path.of(given.operands().get(0));
    Map<String, String> environment = environment();
    return options.run(
        environment,
        spec.commandLine().getErr(),
        settings -> {
          Restored restored =
              new RpcRestore(directory, root, container(environment), given.criu()).run(settings);
          try {
            RunOptions.print(spec.commandLine().getOut(), result(directory, restored));
          } catch (IOException e) {
            throw LateFailure.ofRestore(Optional.of(restored.pid()), e);
          }
        });
  }

  private Optional<ProcessIdentity> container(Map<String, String> environment) throws IOException {
    if (into.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        into.size() == 1 && into.get(0).matches("[0-9]{1,7}")
            ? ProcessIdentity.of(ProcFs.HOST, Integer.parseInt(into.get(0)))
            : new NamedContainer(into, spec.commandLine()).init(environment));
  }

  /** Takes two words if the first one is {@code pod}. */
  static final class Into implements IParameterConsumer {
    @Override
    public void consumeParameters(Stack<String> words, ArgSpec option, CommandSpec command) {
      if (words.isEmpty()) {
        throw new ParameterException(command.commandLine(), "--into: which container?");
      }
      String first = words.pop();
      option.setValue(
          first.equals(NamedContainer.POD) && !words.isEmpty()
              ? List.of(first, words.pop())
              : List.of(first));
    }
  }

  /** What is mapped here is added to what the environment maps. */
  private Map<String, String> environment() {
    Map<String, String> environment = options.environment();
    for (String entry : map) {
      environment.merge(MAP, ListText.escape(entry), (before, added) -> before + "," + added);
    }
    return environment;
  }

  private String result(Path directory, Restored restored) {
    if (options.json()) {
      JsonObject result = new JsonObject();
      result.addProperty("directory", directory.toAbsolutePath().toString());
      result.addProperty("pid", restored.pid());
      JsonArray processes = new JsonArray();
      for (PidMap.Entry process : restored.pids().processes()) {
        JsonObject entry = new JsonObject();
        entry.addProperty("pid", process.pid());
        entry.addProperty("command", process.command());
        entry.addProperty("hostPid", process.hostPid());
        processes.add(entry);
      }
      result.add("processes", processes);
      return result.toString();
    }
    return directory + ": restored, the root task is pid " + restored.pid();
  }
}
