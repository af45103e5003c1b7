// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.dump;

import io.criubridge.core.checkpoint.Artefact;
import io.criubridge.core.checkpoint.CheckpointLayout;
import io.criubridge.core.proc.ProcessIdentity;
import io.criubridge.core.rootfs.CaptureOptions;
import io.criubridge.core.rootfs.ImageLayers;
import io.criubridge.core.rootfs.OverlayRootFs;
import io.criubridge.core.sys.Publication;
import io.criubridge.core.sys.PublishedFile;
import io.criubridge.core.sys.ScopedRoot;
import io.criubridge.hooks.CriuRun;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The container as it is once its tasks stand still, but for its mounts, which the host may still
 * change: taken when that begins, beside CRIU's own work, or else when CRIU is done with it.
 */
final class FrozenContainer {

  /**
   * What was taken, unseen yet.
   *
   * @param init the container's root task
   * @param overlay the container's root, if that is an overlay with an upperdir
   * @param publication has its files, and takes what is to be seen together with them; closed, it
   *     removes them
   * @param artefacts the files of the checkpoint that hold the container's
   * @param tasks its processes
   * @param lines for CRIU's log
   */
  record Taken(
      ProcessIdentity init,
      Optional<OverlayRootFs> overlay,
      Publication publication,
      List<Artefact> artefacts,
      FrozenTasks tasks,
      List<String> lines)
      implements AutoCloseable {

    @Override
    public void close() throws IOException {
      publication.close();
    }
  }

  private final FirstCopy copy;
  private Optional<Taken> taken = Optional.empty();

  FrozenContainer(FirstCopy copy) {
    this.copy = copy;
  }

  /**
   * Takes it early.
   *
   * @param since when the tasks stood still already
   */
  void begin(CriuRun run, DumpTarget target, Instant since) throws IOException {
    taken = Optional.of(take(run, target, Optional.of(since)));
  }

  /**
   * Gives what was taken early, if it still holds, or takes it now. CRIU changes no file of the
   * container, but it may have made links among them that are to stay.
   */
  Taken finish(CriuRun run, DumpTarget target) throws IOException {
    if (taken.isPresent()
        && (!taken.get().init().equals(target.init()) || LinkRemaps.isAny(run.imageDirectory()))) {
      drop();
    }
    if (taken.isEmpty()) {
      return take(run, target, Optional.empty());
    }
    Taken early = taken.get();
    taken = Optional.empty();
    return early;
  }

  /** Removes what was taken early or copied before, and is not to be published. */
  void drop() throws IOException {
    if (taken.isPresent()) {
      Taken early = taken.get();
      taken = Optional.empty();
      early.close();
    }
    copy.drop();
  }

  private Taken take(CriuRun run, DumpTarget target, Optional<Instant> criuAtWorkSince)
      throws IOException {
    CheckpointLayout layout = new CheckpointLayout(run.imageDirectory());
    if (!copy.isBegun()) {
      PublishedFile.removeStale(layout.directory());
    }
    FrozenTasks tasks = FrozenTasks.read(run.proc(), target);
    Publication publication = new Publication(layout.directory());
    if (!target.ownMounts()) {
      return new Taken(target.init(), Optional.empty(), publication, List.of(), tasks, List.of());
    }
    RootfsCapture capture = new RootfsCapture(run, target, layout, copy);
    CaptureOptions all = capture.options();
    CaptureOptions options = criuAtWorkSince.map(all::besideCriu).orElse(all);
    List<String> lines = new ArrayList<>();
    List<Artefact> artefacts = List.of();
    try (ScopedRoot root =
        ScopedRoot.open(OverlayRootFs.mergedRoot(run.proc(), target.init().pid()))) {
      Optional<OverlayRootFs> overlay = RootfsCapture.overlay(run, target, root);
      if (overlay.isPresent()) {
        artefacts =
            capture.capture(
                overlay.get().upperDir(),
                root,
                options.withWorkDirectory(overlay.get().workDir()),
                ImageLayers.at(overlay.get().lowerDirs()),
                publication,
                lines::add);
      } else {
        lines.add(
            "the container's root is no overlay with an upperdir: its changed files are not"
                + " carried");
      }
      return new Taken(target.init(), overlay, publication, artefacts, tasks, lines);
    } catch (IOException | RuntimeException | Error e) {
      publication.close();
      throw e;
    }
  }
}
