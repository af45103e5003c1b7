// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli;

import com.google.gson.JsonElement;
import io.criubridge.core.checkpoint.Artefact;
import io.criubridge.core.checkpoint.CheckpointLayout;
import io.criubridge.core.checkpoint.CheckpointManifest;
import io.criubridge.core.checkpoint.ManifestException;
import io.criubridge.core.sys.PathText;
import io.criubridge.hooks.RunStatus;
import io.criubridge.hooks.cli.images.Json;
import io.criubridge.hooks.cli.images.Output;
import io.criubridge.hooks.cli.images.OutputOptions;
import io.criubridge.images.DumpStats;
import io.criubridge.images.ImageSet;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code criu-bridge verify}: proves that a directory is a whole checkpoint. */
@Command(
    name = "verify",
    description = "Checks that a directory holds a whole checkpoint: manifest and checksums.",
    mixinStandardHelpOptions = true)
final class Verify implements Callable<Integer> {

  private static final double NANOS_PER_MILLI = 1e6;

  @Parameters(paramLabel = "DIR", description = "CRIU's image directory.")
  private Path directory = Path.of(".");

  @Mixin private final OutputOptions options = new OutputOptions();

  @Override
  public Integer call() throws IOException {
    CheckpointLayout layout = new CheckpointLayout(directory);
    CheckpointManifest manifest = CheckpointManifest.read(layout);
    Optional<String> withdrawn = RunStatus.reasonOfWithdrawal(layout.status());
    if (withdrawn.isPresent()) {
      throw new ManifestException(directory + " is not a checkpoint: " + withdrawn.get());
    }
    Output output = options.output();
    for (Artefact artefact : manifest.artefacts()) {
      artefact.verify(directory);
      if (!options.json()) {
        String name = PathText.printable(artefact.name());
        output.line("%-26s %12d bytes  ok".formatted(name, artefact.sizeBytes()));
        output.flush();
      }
    }
    manifest.requireNoStrangers(layout);
    Optional<Duration> frozen = new ImageSet(directory).stats().map(DumpStats::frozen);
    if (options.json()) {
      output.json(json(manifest, frozen));
    } else {
      print(output, manifest, frozen);
    }
    output.flush();
    return 0;
  }

  private static void print(Output output, CheckpointManifest manifest, Optional<Duration> frozen) {
    output.line(
        "%s: whole; made %s by CRIU %s on %s, %d processes, %d mounts"
            .formatted(
                PathText.printable(manifest.checkpointId()),
                manifest.createdAt(),
                PathText.printable(manifest.machine().criuVersion()),
                PathText.printable(manifest.machine().architecture()),
                manifest.processes().size(),
                manifest.mounts().size()));
    if (frozen.isPresent()) {
      double milliseconds = frozen.get().toNanos() / NANOS_PER_MILLI;
      output.line("tasks were frozen for %.1f ms".formatted(milliseconds));
    }
  }

  private static JsonElement json(CheckpointManifest manifest, Optional<Duration> frozen) {
    return Json.object()
        .with("checkpoint", manifest.checkpointId())
        .with("createdAt", manifest.createdAt())
        .with("criu", manifest.machine().criuVersion())
        .with("architecture", manifest.machine().architecture())
        .with("processes", manifest.processes().size())
        .with("mounts", manifest.mounts().size())
        .with("frozenNanos", frozen.map(Duration::toNanos))
        .with("artefacts", manifest.artefacts().stream().map(Verify::json).toList())
        .build();
  }

  private static Json json(Artefact artefact) {
    return Json.object()
        .with("name", artefact.name())
        .with("bytes", artefact.sizeBytes())
        .with("sha256", artefact.sha256());
  }
}
