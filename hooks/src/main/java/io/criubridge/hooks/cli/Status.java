// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.criubridge.core.checkpoint.CheckpointLayout;
import io.criubridge.hooks.RunStatus;
import io.criubridge.hooks.phase.Phase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code criu-bridge status}: shows what each phase did, how long it took, and why it failed. */
@Command(
    name = "status",
    description = "Shows what each phase of a dump or restore did, and where its time went.",
    mixinStandardHelpOptions = true)
final class Status implements Callable<Integer> {

  @Parameters(paramLabel = "DIR", description = "CRIU's image directory.")
  private Path directory = Path.of(".");

  @Option(names = "--json", description = "Print the status file itself.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    Path file = new CheckpointLayout(directory).status();
    try {
      spec.commandLine().getOut().print(json ? Files.readString(file, UTF_8) : chart(file));
    } catch (NoSuchFileException e) {
      throw new IOException(file + ": missing: criu-bridge took no part in this dump", e);
    }
    spec.commandLine().getOut().flush();
    return 0;
  }

  private static String chart(Path file) throws IOException {
    StringBuilder text = new StringBuilder();
    if (!Files.exists(file)) {
      throw new NoSuchFileException(file.toString());
    }
    for (Phase.Operation operation : Phase.Operation.values()) {
      Optional<RunStatus> status = RunStatus.find(operation, file);
      status.ifPresent(s -> text.append(text.isEmpty() ? "" : "\n").append(PhaseChart.of(s)));
    }
    return text.toString();
  }
}
