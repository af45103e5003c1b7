// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli;

import io.criubridge.core.checkpoint.CheckpointManifest;
import io.criubridge.core.sys.PathText;
import io.criubridge.hooks.cli.images.Json;
import io.criubridge.hooks.cli.images.Output;
import io.criubridge.hooks.cli.images.OutputOptions;
import io.criubridge.hooks.exchange.CheckpointImport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code criu-bridge import}: makes a checkpoint of what another tool has made. */
@Command(
    name = "import",
    description = {
      "Makes a checkpoint directory of an archive that podman, CRI-O, containerd or 'export' has"
          + " written, of an OCI image layout, or of the Go snapshot agent's directory.",
      "The directory must be new; it appears whole or not at all."
    },
    mixinStandardHelpOptions = true)
final class Import implements Callable<Integer> {

  @SuppressWarnings("NullAway.Init") // Set by picocli, as it is required.
  @Parameters(paramLabel = "SOURCE", description = "The archive, or the agent's directory.")
  private Path source;

  @SuppressWarnings("NullAway.Init")
  @Option(names = "-o", paramLabel = "DIR", required = true, description = "The new directory.")
  private Path directory;

  @Mixin private final OutputOptions options = new OutputOptions();

  @Override
  public Integer call() throws IOException {
    CheckpointImport.Imported imported = CheckpointImport.read(source, directory);
    CheckpointManifest manifest = imported.manifest();
    Output output = options.output();
    if (options.json()) {
      output.json(
          Json.object()
              .with("directory", directory)
              .with("checkpoint", manifest.checkpointId())
              .with("processes", manifest.processes().size())
              .with("ignored", imported.ignored())
              .build());
    } else {
      output.line(
          "%s: %s, %d processes"
              .formatted(
                  directory,
                  PathText.printable(manifest.checkpointId()),
                  manifest.processes().size()));
      for (String name : imported.ignored()) {
        output.line("  left out: " + PathText.printable(name));
      }
    }
    output.flush();
    return 0;
  }
}
