// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli;

import io.criubridge.core.checkpoint.Artefact;
import io.criubridge.core.checkpoint.CheckpointLayout;
import io.criubridge.core.checkpoint.CheckpointManifest;
import io.criubridge.core.checkpoint.ManifestException;
import io.criubridge.hooks.RunStatus;
import io.criubridge.images.DumpStats;
import io.criubridge.images.ImageSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code criu-bridge verify}: proves that a directory is a whole checkpoint. */
@Command(
    name = "verify",
    description = "Checks that a directory holds a whole checkpoint: manifest and checksums.",
    mixinStandardHelpOptions = true)
final class Verify implements Callable<Integer> {

  private static final double NANOS_PER_MILLI = 1e6;

  @Parameters(paramLabel = "DIR", description = "CRIU's image directory.")
  private Path directory = Path.of(".");

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    CheckpointLayout layout = new CheckpointLayout(directory);
    CheckpointManifest manifest = CheckpointManifest.read(layout);
    Optional<String> withdrawn = RunStatus.reasonOfWithdrawal(layout.status());
    if (withdrawn.isPresent()) {
      throw new ManifestException(directory + " is not a checkpoint: " + withdrawn.get());
    }
    for (Artefact artefact : manifest.artefacts()) {
      artefact.verify(directory);
      print("%-26s %12d bytes  ok", artefact.name(), artefact.sizeBytes());
    }
    manifest.requireNoStrangers(layout);
    print(
        "%s: whole; made %s by CRIU %s on %s, %d processes, %d mounts",
        manifest.checkpointId(),
        manifest.createdAt(),
        manifest.machine().criuVersion(),
        manifest.machine().architecture(),
        manifest.processes().size(),
        manifest.mounts().size());
    Optional<DumpStats> stats = new ImageSet(directory).stats();
    if (stats.isPresent()) {
      print("tasks were frozen for %.1f ms", stats.get().frozen().toNanos() / NANOS_PER_MILLI);
    }
    return 0;
  }

  private void print(String format, Object... arguments) {
    spec.commandLine().getOut().println(String.format(format, arguments));
  }
}
