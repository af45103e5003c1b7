// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.rootfs;

import io.criubridge.core.checkpoint.CheckpointLayout;
import io.criubridge.core.checkpoint.CheckpointManifest;
import io.criubridge.core.checkpoint.ManifestException;
import io.criubridge.core.rootfs.Applied;
import io.criubridge.core.rootfs.ApplyOptions;
import io.criubridge.core.rootfs.ArchiveForm;
import io.criubridge.core.rootfs.ArchiveLimits;
import io.criubridge.core.rootfs.DiffProgress;
import io.criubridge.core.rootfs.Existing;
import io.criubridge.core.rootfs.MountedPlaces;
import io.criubridge.core.rootfs.OpaqueDirectories;
import io.criubridge.core.rootfs.RootfsDiff;
import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.ScopedRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code criu-bridge rootfs apply}. */
@Command(
    name = "apply",
    description = {
      "Brings a root to the state that a checkpoint holds: directories that were replaced are"
          + " emptied, rootfs-diff.tar is extracted, deleted files are deleted.",
      "Checkpoints of podman, CRI-O and containerd are read too. One with a manifest.yaml is"
          + " proven to be whole before anything is changed."
    },
    mixinStandardHelpOptions = true)
final class ApplyDiff implements Callable<Integer> {

  /** What the names in an archive mean, as options have it. */
  enum Form {
    auto,
    diff,
    layer
  }

  @Option(
      names = "--checkpoint",
      required = true,
      paramLabel = "DIR",
      description = "The directory with rootfs-diff.tar.")
  private Path checkpoint = Path.of("");

  @Option(names = "--root", required = true, paramLabel = "R", description = "What to change.")
  private Path root = Path.of("");

  @Option(
      names = "--existing",
      paramLabel = "replace|keep",
      description = "What becomes of files that are there. Default: ${DEFAULT-VALUE}.")
  private Existing existing = Existing.REPLACE;

  @Option(
      names = "--form",
      paramLabel = "auto|diff|layer",
      description =
          "What a file called .wh.x is: in a diff a file, in a layer the deletion of x."
              + " auto: a compressed archive is a layer. Default: ${DEFAULT-VALUE}.")
  private Form form = Form.auto;

  @Option(
      names = "--max-entries",
      paramLabel = "N",
      description = "More entries are refused. Default: ${DEFAULT-VALUE}.")
  private long maxEntries = ArchiveLimits.DEFAULT.entries();

  @Option(
      names = "--max-bytes",
      paramLabel = "N",
      description = "A longer archive, decompressed, is refused. Default: ${DEFAULT-VALUE}.")
  private long maxBytes = ArchiveLimits.DEFAULT.bytes();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    CheckpointLayout layout = new CheckpointLayout(checkpoint);
    MountedPlaces mounted = MountedPlaces.NONE;
    DiffLists lists;
    if (Files.exists(layout.manifest())) {
      CheckpointManifest manifest = CheckpointManifest.read(layout);
      lists = provenLists(layout, manifest);
      mounted = manifest.mountedPlaces();
    } else {
      lists = DiffLists.read(layout, name -> true);
    }
    List<BytePath> deleted = mounted.visible(lists.deleted());
    DiffProgress progress = new DiffProgress();
    ApplyOptions options =
        new ApplyOptions(
            existing, form(), mounted, new ArchiveLimits(maxEntries, maxBytes), progress);
    Applied applied;
    try (ScopedRoot target = ScopedRoot.open(root)) {
      OpaqueDirectories.clear(mounted.visible(lists.opaque()), target);
      long total = Files.size(layout.rootfsDiff());
      try (ProgressLine line = new ProgressLine(spec.commandLine().getErr(), total, progress)) {
        line.start();
        applied = RootfsDiff.apply(layout.rootfsDiff(), target, options, deleted);
      }
    }
    spec.commandLine()
        .getOut()
        .printf(
            "%s: %d entries applied, %d kept as they were, %d under mounts left out, %d paths deleted%n",
            root, applied.entries(), applied.kept(), applied.hidden(), deleted.size());
    return 0;
  }

  /** Nothing that the manifest does not vouch for is applied. */
  private static DiffLists provenLists(CheckpointLayout layout, CheckpointManifest manifest)
      throws IOException {
    manifest.verify(layout);
    if (manifest.artefact(CheckpointLayout.ROOTFS_DIFF).isEmpty()) {
      throw new ManifestException(
          layout.manifest() + ": the checkpoint has no rootfs-diff.tar: no file was changed");
    }
    return DiffLists.read(layout, name -> manifest.artefact(name).isPresent());
  }

  private Optional<ArchiveForm> form() {
    return switch (form) {
      case diff -> Optional.of(ArchiveForm.DIFF);
      case layer -> Optional.of(ArchiveForm.LAYER);
      case auto -> Optional.empty();
    };
  }
}
