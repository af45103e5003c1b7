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
import java.util.function.Predicate;

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
   * @param baseDirs where a relative path may have been mounted from, tried in this order
   * @param isUpperDir tells the container's upper directory from any other directory
   * @return empty if the root is no overlay, or has no writable layer
   * @throws UnprovenLayerException if no directory passes {@code isUpperDir}, or a layer's name
   *     cannot be written in this program's charset
   */
  public static Optional<OverlayRootFs> find(
      MountTable mounts, List<Path> baseDirs, Predicate<Path> isUpperDir)
      throws UnprovenLayerException {
    Optional<MountInfo> root = mounts.root().filter(mount -> mount.fsType().equals("overlay"));
    if (root.isEmpty() || root.get().superOption(UPPER).isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(layers(root.get(), baseDirs, isUpperDir));
    } catch (InvalidPathException e) {
      throw new UnprovenLayerException(root.get(), e);
    }
  }

  private static OverlayRootFs layers(
      MountInfo mount, List<Path> baseDirs, Predicate<Path> isUpperDir)
      throws UnprovenLayerException {
    Path base = base(path(mount, UPPER), baseDirs, isUpperDir);
    List<Path> lowerDirs = new ArrayList<>();
    List<Path> dataDirs = new ArrayList<>();
    for (SuperOption option : mount.superOptions()) {
      addLayers(option, base, lowerDirs, dataDirs);
    }
    return new OverlayRootFs(
        mount,
        base.resolve(path(mount, UPPER)),
        base.resolve(path(mount, "workdir")),
        lowerDirs,
        dataDirs);
  }

  /** The directory that the overlay was mounted from, the empty path if that does not matter. */
  private static Path base(Path upperDir, List<Path> baseDirs, Predicate<Path> isUpperDir)
      throws UnprovenLayerException {
    List<Path> candidates = upperDir.isAbsolute() ? List.of(Path.of("")) : baseDirs;
    for (Path candidate : candidates) {
      if (isUpperDir.test(candidate.resolve(upperDir))) {
        return candidate;
      }
    }
    throw new UnprovenLayerException(upperDir, baseDirs);
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
