// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.dump;

import io.criubridge.core.checkpoint.Artefact;
import io.criubridge.core.checkpoint.CheckpointLayout;
import io.criubridge.core.rootfs.CaptureOptions;
import io.criubridge.core.rootfs.OverlayRootFs;
import io.criubridge.core.sys.Publication;
import io.criubridge.core.sys.PublishedFile;
import io.criubridge.core.sys.ScopedRoot;
import io.criubridge.hooks.CriuRun;
import io.criubridge.hooks.PhaseContext;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The container's files as they are once its tasks stand still: taken when that begins, beside
 * CRIU's own work, or else when CRIU is done with it.
 */
final class FrozenFiles {

  /**
   * What was taken, unseen yet.
   *
   * @param overlay the container's root, if that is an overlay with an upperdir
   * @param publication takes what is to be seen together with the files; closed, it removes them
   * @param artefacts the files of the checkpoint that hold them
   * @param lines for CRIU's log
   */
  record Taken(
      Optional<OverlayRootFs> overlay,
      Publication publication,
      List<Artefact> artefacts,
      List<String> lines)
      implements AutoCloseable {

    @Override
    public void close() throws IOException {
      publication.close();
    }
  }

  private final ContainerFinder finder;
  private final FirstCopy copy;
  private Optional<Taken> taken = Optional.empty();

  FrozenFiles(ContainerFinder finder, FirstCopy copy) {
    this.finder = finder;
    this.copy = copy;
  }

  /** Takes them early. */
  void begin(PhaseContext context) throws IOException {
    taken = Optional.of(take(context, Optional.of(Instant.now())));
  }

  /**
   * Gives what was taken early, if it still holds, or takes it now. CRIU changes no file of the
   * container, but it may have made links among them that are to stay.
   */
  Taken finish(PhaseContext context) throws IOException {
    if (taken.isPresent() && LinkRemaps.isAny(context.run().imageDirectory())) {
      drop();
    }
    if (taken.isEmpty()) {
      return take(context, Optional.empty());
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

  /**
   * Takes the files.
   *
   * @param criuAtWorkSince since when, if it is
   */
  private Taken take(PhaseContext context, Optional<Instant> criuAtWorkSince) throws IOException {
    CriuRun run = context.run();
    CheckpointLayout layout = new CheckpointLayout(run.imageDirectory());
    if (!copy.isBegun()) {
      PublishedFile.removeStale(layout.directory());
    }
    DumpTarget target = DumpTarget.of(context, finder);
    Publication publication = new Publication(layout.directory());
    try {
      if (target.ownMounts()) {
        RootfsCapture capture = new RootfsCapture(run, target, layout, copy);
        CaptureOptions options =
            criuAtWorkSince.map(capture.options()::besideCriu).orElseGet(capture::options);
        return take(run, target, capture, options, publication);
      }
      return new Taken(Optional.empty(), publication, List.of(), List.of());
    } catch (IOException | RuntimeException | Error e) {
      publication.close();
      throw e;
    }
  }

  private static Taken take(
      CriuRun run,
      DumpTarget target,
      RootfsCapture capture,
      CaptureOptions options,
      Publication publication)
      throws IOException {
    List<String> lines = new ArrayList<>();
    try (ScopedRoot root =
        ScopedRoot.open(OverlayRootFs.mergedRoot(run.proc(), target.init().pid()))) {
      Optional<OverlayRootFs> overlay = RootfsCapture.overlay(run, target, root);
      if (overlay.isEmpty()) {
        lines.add(
            "the container's root is no overlay with an upperdir: its changed files are not"
                + " carried");
        return new Taken(overlay, publication, List.of(), lines);
      }
      List<Artefact> artefacts =
          capture.capture(overlay.get().upperDir(), root, options, publication, lines::add);
      return new Taken(overlay, publication, artefacts, lines);
    }
  }
}
