// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.dump;

import io.criubridge.core.checkpoint.Artefact;
import io.criubridge.core.checkpoint.CaptureLists;
import io.criubridge.core.checkpoint.CheckpointLayout;
import io.criubridge.core.container.ContainerLookup;
import io.criubridge.core.proc.MountInfo;
import io.criubridge.core.rootfs.Capture;
import io.criubridge.core.rootfs.CaptureOptions;
import io.criubridge.core.rootfs.FirstPass;
import io.criubridge.core.rootfs.ImageLayers;
import io.criubridge.core.rootfs.OverlayRootFs;
import io.criubridge.core.rootfs.UnprovenLayerException;
import io.criubridge.core.rootfs.UpperMatch;
import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.FileStat;
import io.criubridge.core.sys.Publication;
import io.criubridge.core.sys.ScopedRoot;
import io.criubridge.hooks.CriuRun;
import io.criubridge.hooks.PhaseFailure;
import io.criubridge.hooks.Report;
import io.criubridge.hooks.config.Configuration.TwoPass;
import io.criubridge.hooks.config.ConfigurationReader;
import io.criubridge.hooks.phase.Phase;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Takes what the container has changed in its root file system. */
final class RootfsCapture {

  private static final int LOOKS = 5;
  private static final List<Path> STORAGE_DIRECTORIES =
      List.of(
          Path.of("/var/lib/containers/storage/overlay"),
          Path.of("/var/lib/containers/storage"),
          Path.of("/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots"),
          Path.of("/var/lib/docker/overlay2"));

  private final CriuRun run;
  private final DumpTarget target;
  private final CheckpointLayout layout;
  private final FirstCopy copy;

  RootfsCapture(CriuRun run, DumpTarget target, CheckpointLayout layout, FirstCopy copy) {
    this.run = run;
    this.target = target;
    this.layout = layout;
    this.copy = copy;
  }

  /**
   * Copies most of the files while the tasks still run, where that is asked for. What goes wrong
   * here is left to {@link #capture}.
   */
  void begin(Path upperDirectory, ScopedRoot merged, Report report) throws IOException {
    TwoPass wanted = run.configuration().twoPass();
    if (wanted == TwoPass.NEVER) {
      return;
    }
    try (ScopedRoot upper = ScopedRoot.openToRead(upperDirectory)) {
      CaptureOptions options = options();
      if (!FirstPass.isPossible(upper)) {
        if (wanted == TwoPass.ALWAYS) {
          report.line(
              "capture in one pass: the file system of %s may hide changes", upperDirectory);
        }
      } else if (wanted == TwoPass.ALWAYS || FirstPass.isWorthwhile(upper, merged, options)) {
        FirstPass pass = begin(upper, merged, options, budget(), FirstPass.SETTLED);
        report.line("first pass: %d files, %d bytes of the archive", pass.entries(), pass.bytes());
      }
    } catch (IOException e) {
      report.line("first pass: " + e.getMessage() + "; post-dump will take all files");
    }
  }

  FirstPass begin(
      ScopedRoot upper,
      ScopedRoot merged,
      CaptureOptions options,
      Duration budget,
      Duration settled)
      throws IOException {
    return copy.begin(layout.rootfsDiff(), upper, merged, options, budget, settled);
  }

  /** So much of the phase's time that the rest of it is in no danger. */
  private Duration budget() {
    return run.configuration()
        .deadlines()
        .getOrDefault(Phase.PRE_DUMP, ConfigurationReader.DEFAULT_DEADLINE)
        .dividedBy(2);
  }

  CaptureOptions options() {
    Set<BytePath> mountPoints =
        target.mounts().mounts().stream()
            .map(MountInfo::mountPoint)
            .filter(path -> !path.isRoot())
            .collect(Collectors.toSet());
    return new CaptureOptions(mountPoints, run.configuration().exclusions());
  }

  /** Ends the capture; what it makes is seen when the publication is. */
  List<Artefact> capture(
      Path upperDirectory,
      ScopedRoot merged,
      CaptureOptions options,
      ImageLayers layers,
      Publication publication,
      Report report)
      throws IOException {
    List<Artefact> artefacts = new ArrayList<>();
    Capture capture;
    try (ScopedRoot upper = ScopedRoot.openToRead(upperDirectory)) {
      capture = copy.finish(layout.rootfsDiff(), upper, merged, options, publication);
    }
    if (!capture.skippedSockets().isEmpty()) {
      report.line(
          "%d unix sockets in the file system are left to CRIU, the first is %s",
          capture.skippedSockets().size(), capture.skippedSockets().get(0));
    }
    artefacts.add(new Artefact(CheckpointLayout.ROOTFS_DIFF, capture.bytes(), capture.sha256()));
    artefacts.addAll(CaptureLists.of(capture, layers).addTo(publication));
    return artefacts;
  }

  /** The container's overlay, its upperdir proven to be the one that is mounted. */
  static Optional<OverlayRootFs> overlay(CriuRun run, DumpTarget target, ScopedRoot merged)
      throws IOException {
    try {
      return OverlayRootFs.find(
          target.mounts(), baseDirectories(run, target), path -> match(path, merged));
    } catch (UnprovenLayerException e) {
      throw new PhaseFailure(
          PhaseFailure.CONFIG,
          e.getMessage() + "; for a relative one set CRIU_BRIDGE_UPPERDIR to the upperdir itself",
          e);
    }
  }

  /** Where an upperdir that the mount table shows relative may have been mounted from. */
  private static List<Path> baseDirectories(CriuRun run, DumpTarget target) {
    List<Path> directories = new ArrayList<>();
    Optional<Path> ancestor = run.configuration().upperDirectory();
    while (ancestor.isPresent()) {
      directories.add(ancestor.get());
      ancestor = ancestor.map(Path::getParent);
    }
    directories.addAll(STORAGE_DIRECTORIES);
    target.found().flatMap(ContainerLookup.Found::bundle).ifPresent(directories::add);
    return directories;
  }

  /** A task that still runs may change the directory between two looks. */
  private static UpperMatch match(Path path, ScopedRoot merged) {
    try (ScopedRoot upper = ScopedRoot.open(path)) {
      UpperMatch match = UpperMatch.NONE;
      for (int look = 0; look < LOOKS && match == UpperMatch.NONE; look++) {
        Optional<FileStat> below = upper.stat(BytePath.ROOT);
        Optional<FileStat> above = merged.stat(BytePath.ROOT);
        if (below.isPresent() && above.isPresent()) {
          match = UpperMatch.of(below.get(), above.get());
        }
      }
      return match;
    } catch (IOException e) {
      // Not there, or no directory: another candidate may be.
      return UpperMatch.NONE;
    }
  }

  static String summary(List<Artefact> artefacts) {
    return artefacts.stream()
        .filter(artefact -> artefact.name().equals(CheckpointLayout.ROOTFS_DIFF))
        .map(artefact -> String.format("%s of %d bytes", artefact.name(), artefact.sizeBytes()))
        .findFirst()
        .orElse("no changed files");
  }
}
