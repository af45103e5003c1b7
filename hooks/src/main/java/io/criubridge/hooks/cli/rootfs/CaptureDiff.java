// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.rootfs;

import io.criubridge.core.checkpoint.CaptureLists;
import io.criubridge.core.checkpoint.CheckpointLayout;
import io.criubridge.core.proc.MountInfo;
import io.criubridge.core.proc.MountTable;
import io.criubridge.core.proc.ProcFs;
import io.criubridge.core.rootfs.Capture;
import io.criubridge.core.rootfs.CaptureOptions;
import io.criubridge.core.rootfs.DiffProgress;
import io.criubridge.core.rootfs.ImageLayers;
import io.criubridge.core.rootfs.OverlayRootFs;
import io.criubridge.core.rootfs.RootfsDiff;
import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.PublishedFile;
import io.criubridge.core.sys.ScopedRoot;
import io.criubridge.hooks.cli.ByteCount;
import io.criubridge.hooks.cli.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code criu-bridge rootfs capture}. */
@Command(
    name = "capture",
    description = {
      "Archives what an overlay's upper directory changes.",
      "Nothing may write to it meanwhile: stop or freeze the container first."
    },
    mixinStandardHelpOptions = true)
final class CaptureDiff implements Callable<Integer> {

  @Option(names = "--upper", required = true, paramLabel = "U", description = "The upperdir.")
  private Path upper = Path.of("");

  @Option(
      names = "--merged",
      required = true,
      paramLabel = "M",
      description = "Where the overlay is mounted.")
  private Path merged = Path.of("");

  @Option(
      names = "--work",
      paramLabel = "W",
      description = {
        "The overlay's workdir, where it was mounted with index=on and the mount table does not tell."
      })
  private Optional<Path> work = Optional.empty();

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Where rootfs-diff.tar and the lists go.")
  private Path out = Path.of("");

  @Option(
      names = "--exclude",
      paramLabel = "PATH",
      description = "A path of the container to leave out, with all below it.")
  private List<String> exclusions = new ArrayList<>();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    CheckpointLayout layout = new CheckpointLayout(Files.createDirectories(out));
    if (Files.exists(layout.manifest())) {
      throw new ParameterException(
          spec.commandLine(), "--out: " + out + " holds a checkpoint already");
    }
    Capture capture;
    ImageLayers layers;
    try (ScopedRoot upperRoot = ScopedRoot.openToRead(upper);
        ScopedRoot mergedRoot = ScopedRoot.open(merged);
        PublishedFile archive = PublishedFile.create(layout.rootfsDiff(), 0600)) {
      Optional<MountInfo> overlay = overlay(mergedRoot);
      CaptureOptions options = options(overlay);
      layers =
          overlay.map(OverlayRootFs::lowerDirs).map(ImageLayers::at).orElse(ImageLayers.UNKNOWN);
      // Only who watches needs to know how much there is; it costs a walk of the tree.
      long total =
          Terminal.current().err() ? RootfsDiff.estimateBytes(upperRoot, mergedRoot, options) : 0;
      DiffProgress progress = new DiffProgress();
      try (ProgressLine line = new ProgressLine(spec.commandLine().getErr(), total, progress)) {
        line.start();
        capture = RootfsDiff.capture(upperRoot, mergedRoot, options, archive.channel(), progress);
      }
      // Never beside the lists of an earlier capture: whoever sees the archive sees its own.
      Files.deleteIfExists(layout.rootfsDiff());
      CaptureLists.of(capture, layers).publish(layout.directory());
      archive.publish();
    }
    spec.commandLine()
        .getOut()
        .printf(
            "%s: %d entries, %s, %d deleted, %d directories replaced, %d sockets left out%nsha256 %s%n",
            layout.rootfsDiff(),
            capture.entries(),
            ByteCount.text(capture.bytes()),
            capture.deleted().size(),
            capture.opaque().size(),
            capture.skippedSockets().size(),
            capture.sha256());
    return 0;
  }

  private CaptureOptions options(Optional<MountInfo> overlay) {
    CaptureOptions options = new CaptureOptions(Set.of(), paths());
    return work.or(() -> overlay.flatMap(OverlayRootFs::workDir))
        .map(options::withWorkDirectory)
        .orElse(options);
  }

  private static Optional<MountInfo> overlay(ScopedRoot merged) throws IOException {
    return MountTable.read(ProcFs.HOST, (int) ProcessHandle.current().pid()).mounts().stream()
        .filter(mount -> mount.id() == merged.mountId() && mount.fsType().equals("overlay"))
        .findFirst();
  }

  private List<BytePath> paths() {
    try {
      return exclusions.stream().map(BytePath::of).toList();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--exclude: " + e.getMessage(), e);
    }
  }
}
