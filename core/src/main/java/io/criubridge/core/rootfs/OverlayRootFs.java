// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import io.criubridge.core.proc.MountInfo;
import io.criubridge.core.proc.MountTable;
import io.criubridge.core.proc.ProcFs;
import io.criubridge.core.proc.SuperOption;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The layers of a container whose root is an overlay. Layers are directories of the host, whatever
 * mount namespace they were mounted from.
 *
 * <p>Source: Documentation/filesystems/overlayfs.rst, {@code ovl_show_options()} in
 * fs/overlayfs/params.c
 *
 * @param mount the overlay as the container sees it
 * @param upperDir the writable layer
 * @param workDir the overlay's own directory beside it
 * @param lowerDirs the layers below, topmost first; one that was mounted by a relative path while
 *     the upper one was not stays relative
 * @param dataDirs the data-only layers, which metadata of the others refers to
 */
public record OverlayRootFs(
    MountInfo mount, Path upperDir, Path workDir, List<Path> lowerDirs, List<Path> dataDirs) {
  private static final String UPPER = "upperdir";
  private static final String WORK = "workdir";

  public OverlayRootFs {
    lowerDirs = List.copyOf(lowerDirs);
    dataDirs = List.copyOf(dataDirs);
  }

  /**
   * The container's root as the host reaches it. Whoever opens anything below must not follow
   * symbolic links out of it.
   *
   * <p>Seed: GetRootFS
   */
  public static Path mergedRoot(ProcFs procFs, int pid) {
    return procFs.path(pid, "root");
  }

  /**
   * Finds the layers of the overlay that is visible at {@code /}.
   *
   * <p>Seed: GetOverlayUpperDir (which takes the first overlay listed, hidden or not, and its text
   * as it is)
   *
   * @param baseDirs where a relative path may have been mounted from
   * @param match compares a directory with the container's root
   * @return empty if the root is no overlay, or has no writable layer
   * @throws UnprovenLayerException if no directory matches, or several do equally well, or a
   *     layer's name cannot be written in this program's charset
   */
  public static Optional<OverlayRootFs> find(
      MountTable mounts, List<Path> baseDirs, Function<Path, UpperMatch> match)
      throws UnprovenLayerException {
    Optional<MountInfo> root = mounts.root().filter(mount -> mount.fsType().equals("overlay"));
    if (root.isEmpty() || root.get().superOption(UPPER).isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(layers(root.get(), baseDirs, match));
    } catch (InvalidPathException e) {
      throw new UnprovenLayerException(root.get(), e);
    }
  }

  /** The workdir of an overlay wherever it is mounted, unless that was given by a relative path. */
  public static Optional<Path> workDir(MountInfo overlay) {
    return overlay
        .superOption(WORK)
        .map(option -> Path.of(option.unescapedValue()))
        .filter(Path::isAbsolute);
  }

  /**
   * The layers below of an overlay wherever it is mounted, topmost first, as the mount shows them.
   */
  public static List<Path> lowerDirs(MountInfo overlay) {
    List<Path> lowerDirs = new ArrayList<>();
    for (SuperOption option : overlay.superOptions()) {
      addLayers(option, Path.of(""), lowerDirs, new ArrayList<>());
    }
    return lowerDirs;
  }

  private static OverlayRootFs layers(
      MountInfo mount, List<Path> baseDirs, Function<Path, UpperMatch> match)
      throws UnprovenLayerException {
    Path base = base(path(mount, UPPER), baseDirs, match);
    List<Path> lowerDirs = new ArrayList<>();
    List<Path> dataDirs = new ArrayList<>();
    for (SuperOption option : mount.superOptions()) {
      addLayers(option, base, lowerDirs, dataDirs);
    }
    return new OverlayRootFs(
        mount,
        base.resolve(path(mount, UPPER)),
        base.resolve(path(mount, WORK)),
        lowerDirs,
        dataDirs);
  }

  /** The directory that the overlay was mounted from, the empty path if that does not matter. */
  private static Path base(Path upperDir, List<Path> baseDirs, Function<Path, UpperMatch> match)
      throws UnprovenLayerException {
    List<Path> candidates = upperDir.isAbsolute() ? List.of(Path.of("")) : baseDirs;
    List<Path> alike = new ArrayList<>();
    for (Path candidate : candidates) {
      Path directory = candidate.resolve(upperDir);
      switch (match.apply(directory)) {
        case SAME -> {
          return candidate;
        }
        case ALIKE -> alike.add(candidate);
        case NONE -> {
          // Another one may be.
        }
      }
    }
    if (alike.size() > 1) {
      throw UnprovenLayerException.ambiguous(upperDir, alike);
    }
    if (alike.isEmpty()) {
      throw new UnprovenLayerException(upperDir, baseDirs);
    }
    return alike.get(0);
  }

  /** Lower directories added one by one are shown bare, those of one list with escapes. */
  private static void addLayers(
      SuperOption option, Path base, List<Path> lowerDirs, List<Path> dataDirs) {
    switch (option.name()) {
      case "lowerdir+" -> lowerDirs.add(base.resolve(option.value()));
      case "datadir+" -> dataDirs.add(base.resolve(option.value()));
      case "lowerdir" -> {
        List<Path> layers = lowerDirs;
        for (String part : option.unescapedParts()) {
          if (part.isEmpty()) {
            layers = dataDirs;
          } else {
            layers.add(base.resolve(part));
          }
        }
      }
      default -> {
        // Every other option describes no layer.
      }
    }
  }

  /** The value of an option that overlay shows whenever there is an upper directory. */
  private static Path path(MountInfo mount, String option) {
    return Path.of(mount.superOption(option).map(SuperOption::unescapedValue).orElse(""));
  }
}
