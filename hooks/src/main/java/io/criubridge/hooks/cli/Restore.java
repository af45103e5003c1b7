// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli;

import com.google.gson.JsonObject;
import io.criubridge.hooks.rpc.Interruption;
import io.criubridge.hooks.rpc.RpcRestore;
import io.criubridge.hooks.rpc.RpcRestore.Restored;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
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

/** {@code criu-bridge restore}: restores the processes of a checkpoint. */
@Command(
    name = "restore",
    description = {
      "Restores the processes of a checkpoint, with their files, into a root that is mounted.",
      "They are nobody's container then: no runtime knows them."
    },
    customSynopsis = "criu-bridge restore DIR [--root=ROOT] [OPTION...] [-- CRIU-OPTION...]",
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
    Path directory = Path.of(given.operands().get(0));
    PrintWriter err = spec.commandLine().getErr();
    try (Interruption interruption =
        Interruption.watch(
            () -> err.println("criu-bridge: interrupted, giving up in good order"))) {
      try {
        Restored restored =
            new RpcRestore(directory, root, given.criu())
                .run(options.settings(environment(), interruption, err));
        print(directory, restored);
        return 0;
      } catch (IOException e) {
        return CriuBridge.report(e, err);
      }
    }
  }

  /** What is mapped here is added to what the environment maps. */
  private Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>(System.getenv());
    for (String entry : map) {
      environment.merge(MAP, entry.replace(",", "\\,"), (before, added) -> before + "," + added);
    }
    return environment;
  }

  private void print(Path directory, Restored restored) {
    PrintWriter out = spec.commandLine().getOut();
    if (options.json()) {
      JsonObject result = new JsonObject();
      result.addProperty("directory", directory.toAbsolutePath().toString());
      result.addProperty("pid", restored.pid());
      out.println(result);
    } else {
      out.println(directory + ": restored, the root task is pid " + restored.pid());
    }
    out.flush();
  }
}
