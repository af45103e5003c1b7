// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.criubridge.core.checkpoint.CheckpointLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code criu-bridge status}: shows what each phase did, how long it took, and why it failed. */
@Command(
    name = "status",
    description = "Shows what each phase of a dump or restore did, as JSON.",
    mixinStandardHelpOptions = true)
final class Status implements Callable<Integer> {

  @Parameters(paramLabel = "DIR", description = "CRIU's image directory.")
  private Path directory = Path.of(".");

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    Path file = new CheckpointLayout(directory).status();
    try {
      spec.commandLine().getOut().print(Files.readString(file, UTF_8));
    } catch (NoSuchFileException e) {
      throw new IOException(file + ": missing: criu-bridge took no part in this dump", e);
    }
    spec.commandLine().getOut().flush();
    return 0;
  }
}
