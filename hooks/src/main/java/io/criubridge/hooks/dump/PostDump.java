// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.dump;

import io.criubridge.core.checkpoint.Artefact;
import io.criubridge.core.checkpoint.CheckpointLayout;
import io.criubridge.core.checkpoint.MountRecord;
import io.criubridge.core.mount.MountDecision;
import io.criubridge.core.rootfs.OverlayRootFs;
import io.criubridge.core.sys.Publication;
import io.criubridge.core.sys.PublishedFile;
import io.criubridge.core.sys.ScopedRoot;
import io.criubridge.hooks.CriuRun;
import io.criubridge.hooks.MachineReader;
import io.criubridge.hooks.PhaseContext;
import io.criubridge.hooks.PhaseFailure;
import io.criubridge.hooks.PhaseHandler;
import io.criubridge.hooks.Report;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * After the dump, while the tasks are frozen: checks that CRIU did what the plan said, takes the
 * container's files, and publishes the manifest as the last thing.
 */
public final class PostDump implements PhaseHandler {

  private final MachineReader machine;
  private final ContainerFinder finder;
  private final FirstCopy copy;

  PostDump(MachineReader machine, ContainerFinder finder, FirstCopy copy) {
    this.machine = machine;
    this.finder = finder;
    this.copy = copy;
  }

  @Override
  public void run(PhaseContext context, Report report) throws IOException {
    CriuRun run = context.run();
    CheckpointLayout layout = new CheckpointLayout(run.imageDirectory());
    if (!copy.isBegun()) {
      PublishedFile.removeStale(layout.directory());
    }
    DumpTarget target = DumpTarget.of(context, finder);

    List<MountDecision> decisions = MountDecisions.of(run, target);
    DeclaredMounts declared = DeclaredMounts.read(layout.directory());
    declared.requireAll(decisions);
    report.done("plan");
    List<MountRecord> mounts = List.of();
    List<Artefact> artefacts = new ArrayList<>();
    Optional<OverlayRootFs> overlay = Optional.empty();
    try (Publication publication = new Publication(layout.directory())) {
      if (target.ownMounts()) {
        try (ScopedRoot root =
            ScopedRoot.open(OverlayRootFs.mergedRoot(run.proc(), target.init().pid()))) {
          mounts = MountRecords.of(decisions, declared, root, target.hostMounts());
          overlay = RootfsCapture.overlay(run, target, root);
          report.done("mounts");
          if (overlay.isPresent()) {
            artefacts.addAll(
                new RootfsCapture(run, target, layout, copy)
                    .capture(overlay.get().upperDir(), root, publication, report));
            report.done("files");
          } else {
            report.line(
                "the container's root is no overlay with an upperdir: its changed files are not"
                    + " carried");
          }
        }
        artefacts.add(BindMounts.add(publication, mounts));
      }
      new DumpManifest(run, target, machine.read(run))
          .of(overlay, mounts, artefacts)
          .addTo(publication);
      report.done("manifest");
      requireCriuAlive(run);
      publication.publish();
      report.done("disk");
    }
    report.line("%s: checkpoint complete, %s", target.id(), RootfsCapture.summary(artefacts));
  }

  /** If CRIU is gone its dump failed, and nothing that looks like a checkpoint must come to be. */
  private static void requireCriuAlive(CriuRun run) throws IOException {
    if (!run.criu().isAlive(run.proc())) {
      throw new PhaseFailure(
          PhaseFailure.IO, "criu (pid " + run.criu().pid() + ") ended during post-dump");
    }
  }
}
