// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.dump;

import io.criubridge.core.checkpoint.CheckpointLayout;
import io.criubridge.core.checkpoint.NetworkRecord;
import io.criubridge.core.checkpoint.StreamRecord;
import io.criubridge.core.mount.MountDecision;
import io.criubridge.core.rootfs.OverlayRootFs;
import io.criubridge.core.sys.PublishedFile;
import io.criubridge.core.sys.ScopedRoot;
import io.criubridge.hooks.CriuRun;
import io.criubridge.hooks.MachineReader;
import io.criubridge.hooks.PhaseContext;
import io.criubridge.hooks.PhaseHandler;
import io.criubridge.hooks.Report;
import io.criubridge.hooks.RunEnd;
import io.criubridge.hooks.RunStatus;
import io.criubridge.hooks.phase.Phase;
import io.criubridge.hooks.plan.Directive;
import io.criubridge.hooks.plan.Plan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Before the dump, while the tasks run: makes the directory one that is no checkpoint yet, finds
 * out what is being dumped, and writes the plan that the plugin tells CRIU.
 */
public final class PreDump implements PhaseHandler {

  private static final Path DEFAULT_LIB_DIRECTORY = Path.of("/usr/lib/criu");

  private final DumpClaim claim;
  private final MachineReader machine;
  private final ContainerFinder finder;
  private final Rehearsal rehearsal;
  private final FirstCopy copy;

  PreDump(
      DumpClaim claim,
      MachineReader machine,
      ContainerFinder finder,
      Rehearsal rehearsal,
      FirstCopy copy) {
    this.claim = claim;
    this.machine = machine;
    this.finder = finder;
    this.rehearsal = rehearsal;
    this.copy = copy;
  }

  @Override
  public void run(PhaseContext context, Report report) throws IOException {
    CriuRun run = context.run();
    machine.ask(run);
    DumpTarget target = DumpTarget.of(context, finder);
    machine.read(run);
    if (!target.ownMounts()) {
      clear(run, report);
      report.line(
          "pid %d shares the host's mounts: its files are not carried, only its PIDs",
          target.init().pid());
      return;
    }
    requireUpperDirectory(run, target);
    DumpPlan plan = DumpPlan.of(run, target);
    List<Directive> directives = plan.directives();
    // Not before: a dump that is refused must not cost the checkpoint that is there.
    clear(run, report);
    try {
      begin(context, target, plan, directives, report);
    } catch (IOException | RuntimeException | Error e) {
      RunEnd.withdraw(new CheckpointLayout(run.imageDirectory()));
      throw e;
    }
  }

  private void begin(
      PhaseContext context,
      DumpTarget target,
      DumpPlan plan,
      List<Directive> directives,
      Report report)
      throws IOException {
    CriuRun run = context.run();
    tell(plan, report);
    run.directory().publish(new Plan(directives));
    report.line(
        "%s: %d mounts, %d things declared to CRIU",
        target.id(), target.mounts().mounts().size(), directives.size());
    warnWithoutPlugin(run, directives, report);
    report.done("plan");
    copyFiles(run, target, report);
    report.done("files");
    rehearsal.run(context, report);
    report.done("rehearsal");
  }

  private void copyFiles(CriuRun run, DumpTarget target, Report report) throws IOException {
    try (ScopedRoot root =
        ScopedRoot.open(OverlayRootFs.mergedRoot(run.proc(), target.init().pid()))) {
      Optional<OverlayRootFs> overlay = RootfsCapture.overlay(run, target, root);
      if (overlay.isPresent()) {
        CheckpointLayout layout = new CheckpointLayout(run.imageDirectory());
        new RootfsCapture(run, target, layout, copy).begin(overlay.get().upperDir(), root, report);
      }
    }
  }

  /** An earlier checkpoint in this directory ends here, since CRIU overwrites its images. */
  private void clear(CriuRun run, Report report) throws IOException {
    CheckpointLayout layout = new CheckpointLayout(run.imageDirectory());
    claim.take(layout.directory(), report);
    for (Path file : layout.filesOfADump()) {
      Files.deleteIfExists(file);
    }
    PublishedFile.removeStale(layout.directory());
    Files.deleteIfExists(run.workDirectory().resolve(CheckpointLayout.CRIU_STATS));
    RunStatus.started(Phase.Operation.DUMP).write(layout.status());
  }

  /** A layer that cannot be found fails the dump now, when that costs nothing. */
  private static void requireUpperDirectory(CriuRun run, DumpTarget target) throws IOException {
    try (ScopedRoot root =
        ScopedRoot.open(OverlayRootFs.mergedRoot(run.proc(), target.init().pid()))) {
      RootfsCapture.overlay(run, target, root);
    }
  }

  private static void tell(DumpPlan plan, Report report) throws IOException {
    Set<Directive> told = new HashSet<>();
    for (MountDecision decision : plan.mounts()) {
      if (DumpPlan.directive(decision).filter(told::add).isPresent()) {
        report.line("%s: %s", decision.mount().mountPoint(), decision.reason());
      }
    }
    for (StreamRecord stream : plan.streams()) {
      report.line("%s: the host's file %s", String.join(", ", stream.names()), stream.path());
    }
    if (plan.network().isPresent()) {
      NetworkRecord network = plan.network().get();
      report.line("network namespace %d: external as %s", network.inode(), network.name());
    }
  }

  private static void warnWithoutPlugin(CriuRun run, List<Directive> directives, Report report)
      throws IOException {
    Path directory = run.commandLine().libDirectory().orElse(DEFAULT_LIB_DIRECTORY);
    if (!directives.isEmpty()
        && !run.commandLine().isRpc()
        && !Files.exists(directory.resolve("criu_bridge.so"))) {
      report.line(
          "no criu_bridge.so in %s: CRIU will not hear of the %d declarations above; give criu"
              + " --libdir <criu-bridge>/lib/criu",
          directory, directives.size());
    }
  }
}
