// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.dump;

import io.criubridge.core.checkpoint.Artefact;
import io.criubridge.core.checkpoint.CheckpointLayout;
import io.criubridge.core.checkpoint.CheckpointManifest;
import io.criubridge.core.checkpoint.ContainerRecord;
import io.criubridge.core.checkpoint.MountRecord;
import io.criubridge.core.checkpoint.NetworkRecord;
import io.criubridge.core.checkpoint.ProcessRecord;
import io.criubridge.core.container.ContainerLookup;
import io.criubridge.core.container.OciSpec;
import io.criubridge.core.mount.MountDecision;
import io.criubridge.core.proc.NamespaceKind;
import io.criubridge.core.proc.ProcNamespaces;
import io.criubridge.core.proc.ProcessDetails;
import io.criubridge.core.proc.ProcessTable;
import io.criubridge.core.process.ProcessTree;
import io.criubridge.core.rootfs.OverlayRootFs;
import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.PublishedFile;
import io.criubridge.core.sys.ScopedRoot;
import io.criubridge.hooks.CriuRun;
import io.criubridge.hooks.MachineReader;
import io.criubridge.hooks.PhaseContext;
import io.criubridge.hooks.PhaseFailure;
import io.criubridge.hooks.PhaseHandler;
import io.criubridge.hooks.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * After the dump, while the tasks are frozen: checks that CRIU did what the plan said, takes the
 * container's files, and publishes the manifest as the last thing.
 */
public final class PostDump implements PhaseHandler {

  /** Where containerd's CRI plugin, CRI-O and podman note the image's name. */
  private static final List<String> IMAGE_ANNOTATIONS =
      List.of(
          "io.kubernetes.cri.image-name",
          "io.kubernetes.cri-o.ImageName",
          "org.opencontainers.image.ref.name");

  private final MachineReader machine;

  PostDump(MachineReader machine) {
    this.machine = machine;
  }

  @Override
  public void run(PhaseContext context, Report report) throws IOException {
    CriuRun run = context.run();
    CheckpointLayout layout = new CheckpointLayout(run.imageDirectory());
    PublishedFile.removeStale(layout.directory());
    DumpTarget target = DumpTarget.of(context);

    List<MountDecision> decisions = MountDecisions.of(run, target);
    DeclaredMounts.verify(layout.directory(), decisions);
    List<MountRecord> mounts = List.of();
    List<Artefact> artefacts = new ArrayList<>();
    Optional<OverlayRootFs> overlay = Optional.empty();
    if (target.ownMounts()) {
      try (ScopedRoot root =
          ScopedRoot.open(OverlayRootFs.mergedRoot(run.proc(), target.init().pid()))) {
        mounts = MountRecords.of(decisions, root, target.hostMounts());
        overlay = RootfsCapture.overlay(run, target, root);
        if (overlay.isPresent()) {
          artefacts.addAll(
              new RootfsCapture(run, target, layout).capture(overlay.get().upperDir(), root));
        } else {
          report.line(
              "the container's root is no overlay: CRIU's images hold all there is, its files are"
                  + " not carried");
        }
      }
      artefacts.add(BindMounts.publish(layout, mounts));
    }
    requireCriuAlive(run);
    manifest(run, target, overlay, mounts, artefacts).publish(layout);
    report.line("%s: checkpoint complete, %s", target.id(), RootfsCapture.summary(artefacts));
  }

  /**
   * Does all of it once while the tasks still run, on a directory of the run's own: so that the
   * phase itself, in which they stand still, meets classes that are loaded and linked. Nothing of
   * it is kept, and its failure means nothing.
   */
  void rehearse(PhaseContext context) {
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
        List<MountRecord> mounts = MountRecords.of(decisions, root, target.hostMounts());
        List<Artefact> artefacts = new ArrayList<>();
        artefacts.addAll(new RootfsCapture(run, target, layout).capture(sample, sampleRoot));
        artefacts.add(BindMounts.publish(layout, mounts));
        Optional<OverlayRootFs> overlay = RootfsCapture.overlay(run, target, root);
        manifest(run, target, overlay, mounts, artefacts).publish(layout);
        DeclaredMounts.external(stage);
        own.remove(BytePath.of("/rehearsal"));
      }
    } catch (IOException e) {
      System.err.println("criu-bridge pre-dump rehearsal: " + e);
    }
  }

  /** If CRIU is gone its dump failed, and nothing that looks like a checkpoint must come to be. */
  private static void requireCriuAlive(CriuRun run) throws IOException {
    if (!run.criu().isAlive(run.proc())) {
      throw new PhaseFailure(
          PhaseFailure.IO, "criu (pid " + run.criu().pid() + ") ended during post-dump");
    }
  }

  private CheckpointManifest manifest(
      CriuRun run,
      DumpTarget target,
      Optional<OverlayRootFs> overlay,
      List<MountRecord> mounts,
      List<Artefact> artefacts)
      throws IOException {
    Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    return new CheckpointManifest(
        target.id() + "-" + now.toString().replaceAll("[-:]", ""),
        now,
        machine.read(run),
        container(target, overlay),
        run.configuration().exclusions(),
        mounts,
        StandardStreams.find(run.proc(), target),
        network(run, target),
        processes(run, target),
        artefacts);
  }

  private static ContainerRecord container(DumpTarget target, Optional<OverlayRootFs> overlay) {
    Optional<ContainerLookup.Found> found = target.found();
    return new ContainerRecord(
        target.id(),
        target.init().pid(),
        found.map(f -> f.kind().name().toLowerCase(Locale.ROOT)).orElse("none"),
        found.flatMap(f -> imageName(f.spec())),
        overlay.map(OverlayRootFs::upperDir).map(Path::toString));
  }

  private static Optional<String> imageName(OciSpec spec) {
    return IMAGE_ANNOTATIONS.stream()
        .map(spec.annotations()::get)
        .filter(Objects::nonNull)
        .findFirst();
  }

  private static Optional<NetworkRecord> network(CriuRun run, DumpTarget target)
      throws IOException {
    Optional<String> name = run.configuration().externalNetns();
    if (name.isEmpty() || !target.ownMounts()) {
      return Optional.empty();
    }
    long inode = new ProcNamespaces(run.proc()).inode(target.init().pid(), NamespaceKind.NET);
    return Optional.of(new NetworkRecord(inode, name.get()));
  }

  private static List<ProcessRecord> processes(CriuRun run, DumpTarget target) throws IOException {
    List<Integer> pids = ProcessTree.pids(run.proc(), target.init().pid());
    ProcessTable table = ProcessTable.read(run.proc(), pids);
    List<ProcessRecord> records = new ArrayList<>();
    int depth = rootDepth(table, target.init().pid());
    for (ProcessDetails process : table.processes()) {
      records.add(
          new ProcessRecord(
              process.namespacePids().get(depth), process.namespacePids(), process.comm()));
    }
    return records;
  }

  /** Index, among a process's PIDs, of the one in the root task's PID namespace. */
  private static int rootDepth(ProcessTable table, int initPid) throws PhaseFailure {
    return table
            .find(initPid)
            .orElseThrow(
                () ->
                    new PhaseFailure(
                        PhaseFailure.IO, "the root task (pid " + initPid + ") is gone"))
            .namespaceDepth()
        - 1;
  }
}
