// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.dump;

import io.criubridge.core.checkpoint.Artefact;
import io.criubridge.core.checkpoint.MountRecord;
import io.criubridge.core.mount.MountDecision;
import io.criubridge.core.rootfs.OverlayRootFs;
import io.criubridge.core.sys.Publication;
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

/**
 * After the dump, while the tasks are frozen: checks that CRIU did what the plan said, takes the
 * container's files, and publishes the manifest as the last thing.
 */
public final class PostDump implements PhaseHandler {

  private final DumpClaim claim;
  private final MachineReader machine;
  private final ContainerFinder finder;
  private final FrozenContainer container;

  PostDump(
      DumpClaim claim, MachineReader machine, ContainerFinder finder, FrozenContainer container) {
    this.claim = claim;
    this.machine = machine;
    this.finder = finder;
    this.container = container;
  }

  @Override
  public void run(PhaseContext context, Report report) throws IOException {
    CriuRun run = context.run();
    claim.take(run.imageDirectory(), report);
    DumpTarget target = DumpTarget.of(context, finder);
    List<MountDecision> decisions = MountDecisions.of(run, target);
    DeclaredMounts declared = DeclaredMounts.read(run.imageDirectory());
    declared.requireAll(decisions);
    report.done("plan");
    List<MountRecord> mounts = mounts(run, target, decisions, declared);
    report.done("mounts");
    try (FrozenContainer.Taken taken = container.finish(run, target)) {
      for (String line : taken.lines()) {
        report.line(line);
      }
      report.done("files");
      Publication publication = taken.publication();
      List<Artefact> artefacts = new ArrayList<>(taken.artefacts());
      if (target.ownMounts()) {
        artefacts.add(BindMounts.add(publication, mounts));
      }
      new DumpManifest(run, target, machine.read(run))
          .of(taken.overlay(), mounts, taken.tasks(), artefacts)
          .addTo(publication);
      report.done("manifest");
      requireCriuAlive(run);
      publication.publish();
      report.done("disk");
      report.line("%s: checkpoint complete, %s", target.id(), RootfsCapture.summary(artefacts));
    }
  }

  private static List<MountRecord> mounts(
      CriuRun run, DumpTarget target, List<MountDecision> decisions, DeclaredMounts declared)
      throws IOException {
    if (!target.ownMounts()) {
      return List.of();
    }
    try (ScopedRoot root =
        ScopedRoot.open(OverlayRootFs.mergedRoot(run.proc(), target.init().pid()))) {
      return MountRecords.of(decisions, declared, root, target.hostMounts());
    }
  }

  /** If CRIU is gone its dump failed, and nothing that looks like a checkpoint must come to be. */
  private static void requireCriuAlive(CriuRun run) throws IOException {
    if (!run.criu().isAlive(run.proc())) {
      throw new PhaseFailure(
          PhaseFailure.IO, "criu (pid " + run.criu().pid() + ") ended during post-dump");
    }
  }
}
