// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.restore;

import io.criubridge.core.checkpoint.CheckpointLayout;
import io.criubridge.core.checkpoint.CheckpointManifest;
import io.criubridge.core.checkpoint.ControlSentinel;
import io.criubridge.core.checkpoint.MountRecord;
import io.criubridge.core.rootfs.Applied;
import io.criubridge.core.rootfs.ApplyOptions;
import io.criubridge.core.rootfs.DeletedFiles;
import io.criubridge.core.rootfs.DiffProgress;
import io.criubridge.core.rootfs.MountedPlaces;
import io.criubridge.core.rootfs.OpaqueDirectories;
import io.criubridge.core.rootfs.RootfsDiff;
import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.ScopedRoot;
import io.criubridge.hooks.CriuRun;
import io.criubridge.hooks.PhaseContext;
import io.criubridge.hooks.PhaseFailure;
import io.criubridge.hooks.PhaseHandler;
import io.criubridge.hooks.Report;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Before the first process exists: brings the target root to the state it had at dump. */
final class PreRestore implements PhaseHandler {

  private final CheckedCheckpoint checkpoint;
  private final Optional<Placeholder> placeholder;

  PreRestore(CheckedCheckpoint checkpoint, Optional<Placeholder> placeholder) {
    this.checkpoint = checkpoint;
    this.placeholder = placeholder;
  }

  @Override
  public void run(PhaseContext context, Report report) throws IOException {
    CriuRun run = context.run();
    CheckpointManifest manifest = checkpoint.get(run);
    requirePlugin(run, manifest);
    boolean diff = manifest.artefact(CheckpointLayout.ROOTFS_DIFF).isPresent();
    Optional<BytePath> control = run.configuration().controlDirectory();
    if (!diff && control.isEmpty()) {
      return;
    }
    Path directory = TargetRoot.find(run);
    try (ScopedRoot root = ScopedRoot.open(directory)) {
      if (placeholder.isPresent()) {
        // Its root was found by its PID: what is open is its own if it is there after that.
        placeholder.get().requireAlive();
      }
      if (diff) {
        apply(run, manifest, root, report);
        report.done("files");
        int made = new MountPoints(root, manifest.mounts(), sources(run, manifest)).ensure();
        report.done("mountpoints");
        report.line("%s: %d mount points made", directory, made);
      }
      if (control.isPresent()) {
        ControlSentinel.remove(root, control.get(), ControlSentinel.RESTORE_COMPLETE);
      }
    }
  }

  private static void apply(
      CriuRun run, CheckpointManifest manifest, ScopedRoot root, Report report) throws IOException {
    CheckpointLayout layout = new CheckpointLayout(run.imageDirectory());
    MountedPlaces mounted = manifest.mountedPlaces();
    List<BytePath> opaque =
        mounted.visible(
            paths(manifest, CheckpointLayout.OPAQUE_DIRECTORIES, layout.opaqueDirectories()));
    List<BytePath> deleted =
        mounted.visible(
            paths(manifest, CheckpointLayout.DELETED_FILES_JSON, layout.deletedFilesJson()));
    OpaqueDirectories.clear(opaque, root);
    ApplyOptions options =
        new ApplyOptions(
            run.configuration().existing(),
            // By its bytes: containerd's is a layer; ours begin with the name of the root.
            Optional.empty(),
            mounted,
            run.configuration().diffLimits(),
            new DiffProgress());
    Applied applied = RootfsDiff.apply(layout.rootfsDiff(), root, options, deleted);
    report.line(
        "%d entries of the rootfs diff applied, %d under mounts left out, %d paths deleted,"
            + " %d directories replaced",
        applied.entries(), applied.hidden(), deleted.size(), opaque.size());
  }

  private static List<BytePath> paths(CheckpointManifest manifest, String name, Path file)
      throws IOException {
    return manifest.artefact(name).isEmpty() ? List.of() : DeletedFiles.read(file);
  }

  /** Only another tool's checkpoint leaves it to the sources what its mount points are. */
  private static List<MountSource> sources(CriuRun run, CheckpointManifest manifest)
      throws IOException {
    boolean known =
        manifest.mounts().stream().noneMatch(mount -> mount.type() == MountRecord.Type.UNKNOWN);
    return known ? List.of() : PlanRestore.sources(run, manifest, Optional.empty());
  }

  /** Without the plugin CRIU would fail later, and say less: "No mapping for ... mountpoint". */
  private static void requirePlugin(CriuRun run, CheckpointManifest manifest) throws PhaseFailure {
    Set<String> declared = DeclaredKeys.of(run.commandLine());
    boolean undeclared =
        manifest.mounts().stream()
            .filter(mount -> mount.handling() == MountRecord.Handling.EXTERNAL)
            .anyMatch(mount -> !declared.contains(mount.key().orElse("")));
    if (undeclared && !run.commandLine().isRpc() && !run.directory().isPlanApplied()) {
      throw new PhaseFailure(
          PhaseFailure.CONFIG,
          "the checkpoint has external mounts, and the plugin that tells CRIU of them did not run:"
              + " give criu --libdir <criu-bridge>/lib/criu");
    }
  }
}
