// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.restore;

import io.criubridge.core.checkpoint.MountRecord;
import io.criubridge.core.sys.FileType;
import io.criubridge.core.sys.ScopedRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;

/**
 * The places in the target root that are mounted on. The diff leaves out what is under mounts, and
 * with it places that only the dump's root had.
 */
final class MountPoints {

  private static final int DIRECTORY_MODE = 0755;
  private static final int FILE_MODE = 0644;

  private final ScopedRoot root;
  private final List<MountRecord> mounts;
  private final List<MountSource> sources;

  /**
   * Those of a checkpoint.
   *
   * @param sources of the external mounts, which tell what a mount point has to be where the
   *     checkpoint does not
   */
  MountPoints(ScopedRoot root, List<MountRecord> mounts, List<MountSource> sources) {
    this.root = root;
    this.mounts = mounts;
    this.sources = sources;
  }

  /** Makes those that are not there; gives their number. */
  int ensure() throws IOException {
    int made = 0;
    for (MountRecord mount : mounts) {
      if (isOnRoot(mount) && ensure(mount)) {
        made++;
      }
    }
    return made;
  }

  /** On another mount it comes with that, or the restoring runtime makes it there. */
  private boolean isOnRoot(MountRecord mount) {
    return mounts.stream()
        .noneMatch(
            other -> !other.equals(mount) && mount.mountPoint().startsWith(other.mountPoint()));
  }

  private boolean ensure(MountRecord mount) throws IOException {
    boolean unknown = mount.type() == MountRecord.Type.UNKNOWN;
    if (unknown && root.stat(mount.mountPoint()).isPresent()) {
      return false;
    }
    boolean file = unknown ? hasFileAsSource(mount) : mount.type() == MountRecord.Type.FILE;
    return root.ensureMountPoint(
        mount.mountPoint(),
        file ? FileType.REGULAR : FileType.DIRECTORY,
        file ? FILE_MODE : DIRECTORY_MODE);
  }

  private boolean hasFileAsSource(MountRecord mount) {
    return sources.stream()
        .filter(source -> source.name().equals(mount.mountPoint().text()))
        .flatMap(source -> source.source().stream())
        .anyMatch(path -> Files.exists(path) && !Files.isDirectory(path));
  }
}
