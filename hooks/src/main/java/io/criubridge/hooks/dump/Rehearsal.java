// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.dump;

import io.criubridge.core.checkpoint.Artefact;
import io.criubridge.core.checkpoint.CheckpointLayout;
import io.criubridge.core.checkpoint.MountRecord;
import io.criubridge.core.mount.MountDecision;
import io.criubridge.core.rootfs.OverlayRootFs;
import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.ScopedRoot;
import io.criubridge.hooks.CriuRun;
import io.criubridge.hooks.MachineReader;
import io.criubridge.hooks.PhaseContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Does once, while the tasks still run and on a directory of the run's own, what post-dump does: so
 * that post-dump, in which they stand still, meets classes that are loaded and linked. Nothing of
 * it is kept, and its failure means nothing.
 */
final class Rehearsal {

  private Rehearsal() {}

  static void run(PhaseContext context, MachineReader machine) {
    CriuRun run = context.run();
    try {
      Path stage = Files.createDirectory(run.directory().path().resolve("rehearsal"));
      Path sample = Files.createDirectory(stage.resolve("sample"));
      Files.writeString(sample.resolve("file"), "sample");
      Files.createSymbolicLink(sample.resolve("link"), Path.of("file"));
      DumpTarget target = DumpTarget.of(context);
      List<MountDecision> decisions = MountDecisions.of(run, target);
      CheckpointLayout layout = new CheckpointLayout(stage);
      try (ScopedRoot root =
              ScopedRoot.open(OverlayRootFs.mergedRoot(run.proc(), target.init().pid()));
          ScopedRoot sampleRoot = ScopedRoot.open(sample);
          ScopedRoot own = ScopedRoot.open(run.directory().path())) {
        DeclaredMounts declared = asDecided(decisions, DeclaredMounts.read(stage));
        List<MountRecord> mounts = MountRecords.of(decisions, declared, root, target.hostMounts());
        List<Artefact> artefacts = new ArrayList<>();
        artefacts.addAll(
            new RootfsCapture(run, target, layout).capture(sample, sampleRoot, line -> {}));
        artefacts.add(BindMounts.publish(layout, mounts));
        Optional<OverlayRootFs> overlay = RootfsCapture.overlay(run, target, root);
        new DumpManifest(run, target, machine.read(run))
            .of(overlay, mounts, artefacts)
            .publish(layout);
        own.remove(BytePath.of("/rehearsal"));
      }
    } catch (IOException | RuntimeException e) {
      System.err.println("criu-bridge pre-dump rehearsal: " + e);
    }
  }

  /** There are no images yet: says that every mount is external that is to be. */
  private static DeclaredMounts asDecided(List<MountDecision> decisions, DeclaredMounts none) {
    Map<BytePath, String> keys = new HashMap<>(none.keys());
    decisions.stream()
        .filter(decision -> decision.action() == MountDecision.Action.EXTERNALIZE)
        .map(decision -> decision.mount().mountPoint())
        .forEach(place -> keys.put(place, place.text()));
    return new DeclaredMounts(keys);
  }
}
