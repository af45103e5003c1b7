// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.inspect;

import com.google.gson.JsonObject;
import io.criubridge.core.checkpoint.CheckpointLayout;
import io.criubridge.core.checkpoint.CheckpointManifest;
import io.criubridge.core.checkpoint.ManifestException;
import io.criubridge.hooks.RunStatus;
import io.criubridge.hooks.cli.ExitCode;
import io.criubridge.hooks.cli.images.Explore.What;
import io.criubridge.hooks.cli.images.Output;
import io.criubridge.hooks.cli.images.OutputOptions;
import io.criubridge.hooks.exchange.CheckpointImport;
import io.criubridge.images.ImageSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code criu-bridge inspect}: shows what is in a checkpoint, and whether it is whole. */
@Command(
    name = "inspect",
    description = {
      "Shows what is in a checkpoint: processes, changed files, mounts and whether their sources"
          + " are on this machine, sockets, memory, versions; and checks every checksum.",
      "Exits 1 if a check fails, and shows nothing but the reason if the dump is known to have"
          + " failed."
    },
    mixinStandardHelpOptions = true)
public final class Inspect implements Callable<Integer> {

  @Parameters(
      paramLabel = "DIR|FILE",
      description =
          "CRIU's image directory, or an archive that 'import' reads; that is unpacked into a"
              + " temporary directory (JDK_JAVA_OPTIONS=-Djava.io.tmpdir=DIR) and removed again.")
  private Path checkpoint = Path.of(".");

  @Mixin private final OutputOptions options = new OutputOptions();

  @Override
  public Integer call() throws IOException {
    return Files.isRegularFile(checkpoint) ? inspectArchive() : inspect(checkpoint);
  }

  private int inspectArchive() throws IOException {
    Path temporary = Files.createTempDirectory("criu-bridge-inspect");
    Path unpacked = temporary.resolve("checkpoint");
    try {
      CheckpointImport.read(checkpoint, unpacked);
      return inspect(unpacked);
    } finally {
      remove(unpacked);
      Files.delete(temporary);
    }
  }

  private static void remove(Path unpacked) throws IOException {
    if (Files.exists(unpacked)) {
      try (Stream<Path> files = Files.list(unpacked)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(unpacked);
    }
  }

  private int inspect(Path directory) throws IOException {
    CheckpointLayout layout = new CheckpointLayout(directory);
    ImageSet images = new ImageSet(directory);
    Optional<CheckpointManifest> manifest =
        Files.exists(layout.manifest())
            ? Optional.of(CheckpointManifest.read(layout))
            : Optional.empty();
    if (manifest.isEmpty()) {
      requireNoFailure(layout);
    }
    Optional<Checks> checks =
        manifest.isEmpty() ? Optional.empty() : Optional.of(Checks.of(layout, manifest.get()));
    Map<String, Part> parts = new LinkedHashMap<>();
    parts.put("checkpoint", new Overview(images, manifest));
    parts.put("processes", new ImagesPart(images, What.ps));
    parts.put("files", ChangedFiles.read(layout, name -> belongs(name, manifest)));
    parts.put(
        "mounts",
        manifest.isPresent()
            ? Sources.find(directory, manifest.get())
            : new ImagesPart(images, What.mounts));
    parts.put("sockets", new ImagesPart(images, What.sockets));
    parts.put("memory", new ImagesPart(images, What.rss));
    checks.ifPresent(part -> parts.put("checks", part));
    show(parts);
    return checks.filter(part -> !part.allHold()).isPresent() ? ExitCode.DIFFERENT : 0;
  }

  /** What a dump that failed leaves is not worth a look as a checkpoint; its reason is. */
  private static void requireNoFailure(CheckpointLayout layout) throws IOException {
    Optional<String> reason = RunStatus.reasonOfFailedDump(layout.status());
    if (reason.isPresent()) {
      throw new ManifestException(
          layout.directory()
              + " is not a checkpoint, its dump failed: "
              + reason.get()
              + "; 'criu-bridge status' tells of each phase, 'criu-bridge images' of what is there");
    }
  }

  /** Of bare images every file may belong to them; a manifest names its own. */
  private static boolean belongs(String name, Optional<CheckpointManifest> manifest) {
    return manifest.isEmpty() || manifest.get().artefact(name).isPresent();
  }

  private void show(Map<String, Part> parts) throws IOException {
    Output output = options.output();
    if (options.json()) {
      JsonObject all = new JsonObject();
      for (Map.Entry<String, Part> part : parts.entrySet()) {
        all.add(part.getKey(), part.getValue().json());
      }
      output.json(all);
    } else {
      String space = "";
      for (Map.Entry<String, Part> part : parts.entrySet()) {
        output.line(space + output.strong(part.getKey()));
        part.getValue().print(output);
        space = "\n";
      }
    }
    output.flush();
  }
}
