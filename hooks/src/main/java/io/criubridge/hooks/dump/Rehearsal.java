// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.dump;

import io.criubridge.core.checkpoint.Artefact;
import io.criubridge.core.checkpoint.CheckpointLayout;
import io.criubridge.core.checkpoint.MountRecord;
import io.criubridge.core.mount.MountDecision;
import io.criubridge.core.rootfs.ImageLayers;
import io.criubridge.core.rootfs.OverlayRootFs;
import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.Publication;
import io.criubridge.core.sys.ScopedRoot;
import io.criubridge.hooks.CriuRun;
import io.criubridge.hooks.MachineReader;
import io.criubridge.hooks.PhaseContext;
import io.criubridge.hooks.Report;
import io.criubridge.images.ImageType;
import io.criubridge.images.ImageWriter;
import io.criubridge.images.proto.mnt_entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Does, on a directory of the run's own, what post-dump does: so that post-dump, in which the tasks
 * stand still, meets classes that are loaded and code that is compiled. All of it in pre-dump,
 * while the tasks still run: beside CRIU's own work it would take CRIU's time, and so theirs.
 * Nothing of it is kept, and its failure means nothing.
 */
final class Rehearsal {

  /** After so many, the compiler has seen what there is to see. */
  private static final int ROUNDS = 6;

  private static final int FILES = 16;

  /** On a machine that is busy with other things there are fewer rounds. */
  private static final long NANOS = 200_000_000;

  private static final String STAGE = "rehearsal";

  private final MachineReader machine;
  private final ContainerFinder finder;
  private final FirstCopy copy;

  Rehearsal(MachineReader machine, ContainerFinder finder, FirstCopy copy) {
    this.machine = machine;
    this.finder = finder;
    this.copy = copy;
  }

  /** Rehearses until it goes well. */
  void run(PhaseContext context, Report report) {
    long end = System.nanoTime() + NANOS;
    for (int round = 0; round < ROUNDS && System.nanoTime() < end; round++) {
      if (!rehearse(context, report)) {
        return;
      }
    }
  }

  private boolean rehearse(PhaseContext context, Report report) {
    CriuRun run = context.run();
    FirstCopy sampleCopy = new FirstCopy();
    try {
      Path stage = Files.createDirectory(run.directory().path().resolve(STAGE));
      Path sample = Files.createDirectory(stage.resolve("sample"));
      for (int i = 0; i < FILES; i++) {
        Files.writeString(sample.resolve("file" + i), "sample");
      }
      Files.createSymbolicLink(sample.resolve("link"), Path.of("file0"));
      writeMountImage(stage);
      DumpTarget target = DumpTarget.of(context, finder);
      List<MountDecision> decisions = MountDecisions.of(run, target);
      CheckpointLayout layout = new CheckpointLayout(stage);
      try (ScopedRoot root =
              ScopedRoot.open(OverlayRootFs.mergedRoot(run.proc(), target.init().pid()));
          ScopedRoot sampleRoot = ScopedRoot.open(sample);
          ScopedRoot own = ScopedRoot.open(run.directory().path());
          Publication publication = new Publication(stage)) {
        DeclaredMounts declared = asDecided(decisions, DeclaredMounts.read(stage));
        List<MountRecord> mounts = MountRecords.of(decisions, declared, root, target.hostMounts());
        List<Artefact> artefacts = new ArrayList<>();
        artefacts.addAll(
            captureSample(
                new RootfsCapture(run, target, layout, sampleCopy),
                sample,
                sampleRoot,
                publication));
        artefacts.add(BindMounts.add(publication, mounts));
        Optional<OverlayRootFs> overlay = RootfsCapture.overlay(run, target, root);
        new DumpManifest(run, target, machine.read(run))
            .of(overlay, mounts, FrozenTasks.read(run.proc(), target), artefacts)
            .addTo(publication);
        publication.publish();
        own.remove(BytePath.of("/" + STAGE));
      }
      return true;
    } catch (IOException | RuntimeException e) {
      tell(report, "rehearsal: " + e);
      return false;
    } finally {
      drop(sampleCopy, report);
    }
  }

  private static void drop(FirstCopy copy, Report report) {
    try {
      copy.drop();
    } catch (IOException e) {
      tell(report, "rehearsal: " + e);
    }
  }

  /** In two passes if the real thing is, with one file kept and one changed. */
  private List<Artefact> captureSample(
      RootfsCapture capture, Path sample, ScopedRoot root, Publication publication)
      throws IOException {
    if (copy.isBegun()) {
      try (ScopedRoot upper = ScopedRoot.openToRead(sample)) {
        capture.begin(upper, root, capture.options(), Duration.ofSeconds(1), Duration.ZERO);
      }
      Files.writeString(sample.resolve("file0"), "changed");
    }
    return capture.capture(
        sample, root, capture.options(), ImageLayers.at(List.of(sample)), publication, line -> {});
  }

  private static void tell(Report report, String line) {
    try {
      report.line(line);
    } catch (IOException e) {
      // Its failure means nothing, and nobody is there any more who would like to know.
      return;
    }
  }

  private static void writeMountImage(Path stage) throws IOException {
    Path file = stage.resolve(ImageType.MNTS.fileName().name(1));
    try (ImageWriter image = new ImageWriter(Files.newOutputStream(file), ImageType.MNTS)) {
      image.write(
          mnt_entry
              .newBuilder()
              .setFstype(0)
              .setMntId(1)
              .setRootDev(1)
              .setParentMntId(0)
              .setFlags(0)
              .setRoot("/")
              .setMountpoint("/rehearsal")
              .setSource("none")
              .setOptions("")
              .setExtKey("/rehearsal")
              .build());
    }
  }

  /** These are no images of the container: says that every mount is external that is to be. */
  private static DeclaredMounts asDecided(List<MountDecision> decisions, DeclaredMounts none) {
    Map<BytePath, String> keys = new HashMap<>(none.keys());
    decisions.stream()
        .filter(decision -> decision.action() == MountDecision.Action.EXTERNALIZE)
        .map(decision -> decision.mount().mountPoint())
        .forEach(place -> keys.put(place, place.text()));
    return new DeclaredMounts(keys);
  }
}
