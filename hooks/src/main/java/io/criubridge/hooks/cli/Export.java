// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli;

import io.criubridge.hooks.cli.images.Json;
import io.criubridge.hooks.cli.images.Output;
import io.criubridge.hooks.cli.images.OutputOptions;
import io.criubridge.hooks.exchange.CheckpointExport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code criu-bridge export}: writes a checkpoint into one file that other tools read. */
@Command(
    name = "export",
    description = {
      "Writes a checkpoint into one file: the archive that podman, CRI-O, containerd and"
          + " checkpointctl read, or an OCI image layout with that archive as its layer.",
      "The checkpoint is proven to be whole first."
    },
    mixinStandardHelpOptions = true)
final class Export implements Callable<Integer> {

  @Parameters(paramLabel = "DIR", description = "CRIU's image directory.")
  private Path directory = Path.of(".");

  @SuppressWarnings("NullAway.Init") // Set by picocli, as it is required.
  @Option(names = "-o", paramLabel = "FILE", required = true, description = "The file to write.")
  private Path file;

  @Option(
      names = "--format",
      description = "One of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private CheckpointExport.Format format = CheckpointExport.Format.TAR;

  @Option(
      names = "--spec",
      paramLabel = "CONFIG.JSON",
      description =
          "The container's OCI spec, for spec.dump; without it, what the manifest tells of it.")
  private Optional<Path> spec = Optional.empty();

  @Mixin private final OutputOptions options = new OutputOptions();

  @Override
  public Integer call() throws IOException {
    long bytes = CheckpointExport.write(directory, file, format, spec);
    Output output = options.output();
    if (options.json()) {
      output.json(Json.object().with("file", file).with("bytes", bytes).build());
    } else {
      output.line("%s: %s".formatted(file, ByteCount.text(bytes)));
    }
    output.flush();
    return 0;
  }
}
