// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.checkpoint;

import io.criubridge.core.rootfs.ImageLayers;
import io.criubridge.core.rootfs.StaleMembers;
import java.nio.file.Path;
import java.util.List;

/**
 * Names every file that criu-bridge keeps in a checkpoint directory, beside CRIU's images.
 *
 * @param directory CRIU's image directory
 */
public record CheckpointLayout(Path directory) {

  /** What makes the directory a checkpoint; written last. */
  public static final String MANIFEST = "manifest.yaml";

  /** What happened in each phase. */
  public static final String STATUS = "bridge-status.json";

  /** The container's changed files. */
  public static final String ROOTFS_DIFF = "rootfs-diff.tar";

  /** Deleted paths, relative, as the Go snapshot agent writes them. */
  public static final String DELETED_FILES_JSON = "deleted-files.json";

  /** Deleted paths, absolute, as podman and CRI-O write them. */
  public static final String DELETED_FILES = "deleted.files";

  /** Directories whose content in the image is to be removed before the diff is applied. */
  public static final String OPAQUE_DIRECTORIES = "opaque-directories.json";

  /** Members of the changed files' archive that are to be left out, if there are any. */
  public static final String STALE_MEMBERS = StaleMembers.FILE_NAME;

  /** Where the layers of the image were, if that was to be found out. */
  public static final String IMAGE_LAYERS = ImageLayers.FILE_NAME;

  /** Mount points of external mounts, as CRI-O writes them. */
  public static final String BIND_MOUNTS = "bind.mounts";

  /** The map from PIDs at dump to PIDs after restore; made by a restore. */
  public static final String PIDS = "pids.json";

  /** CRIU's own statistics of a dump, which it writes last and only when all went well. */
  public static final String CRIU_STATS = "stats-dump";

  /** Everything that a dump makes and a new dump into the same directory must not find. */
  private static final List<String> OF_A_DUMP =
      List.of(
          MANIFEST,
          ROOTFS_DIFF,
          DELETED_FILES_JSON,
          DELETED_FILES,
          OPAQUE_DIRECTORIES,
          STALE_MEMBERS,
          IMAGE_LAYERS,
          BIND_MOUNTS,
          PIDS);

  /** {@code manifest.yaml}. */
  public Path manifest() {
    return directory.resolve(MANIFEST);
  }

  /** {@code bridge-status.json}. */
  public Path status() {
    return directory.resolve(STATUS);
  }

  /** {@code rootfs-diff.tar}. */
  public Path rootfsDiff() {
    return directory.resolve(ROOTFS_DIFF);
  }

  /** {@code deleted-files.json}. */
  public Path deletedFilesJson() {
    return directory.resolve(DELETED_FILES_JSON);
  }

  /** {@code deleted.files}. */
  public Path deletedFiles() {
    return directory.resolve(DELETED_FILES);
  }

  /** {@code opaque-directories.json}. */
  public Path opaqueDirectories() {
    return directory.resolve(OPAQUE_DIRECTORIES);
  }

  /** {@code stale-members.json}. */
  public Path staleMembers() {
    return directory.resolve(STALE_MEMBERS);
  }

  /** {@code bind.mounts}. */
  public Path bindMounts() {
    return directory.resolve(BIND_MOUNTS);
  }

  /** All files of a dump, the manifest first: removed in this order, nothing looks whole. */
  public List<Path> filesOfADump() {
    return OF_A_DUMP.stream().map(directory::resolve).toList();
  }
}
