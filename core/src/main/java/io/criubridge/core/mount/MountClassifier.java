// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.mount;

import io.criubridge.core.container.OciMount;
import io.criubridge.core.container.OciSpec;
import io.criubridge.core.proc.MountTable;
import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.FileStat;
import io.criubridge.core.sys.ScopedRoot;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** Tells which mounts of a container its runtime has made, by the OCI spec. */
public final class MountClassifier {

  private MountClassifier() {}

  /**
   * Compares every mount with the mounts, the masked and the read-only paths of the spec, each
   * resolved inside the container as the runtime resolves it. A place below {@code /run} and the
   * same below {@code /var/run} are one.
   *
   * <p>Of a path in several of the lists the masks count most: the runtime mounts them last.
   *
   * <p>Seed: ClassifyMounts (which compares text where resolving fails; a wrong match may leave a
   * mount out of the dump). Source: {@code prepareRootfs()}, {@code maskPath()} and {@code
   * readonlyPath()} in runc's libcontainer/rootfs_linux.go
   *
   * @param container the mounts of the container's root process
   * @param root the container's root, as that process sees it
   * @throws IOException if a path cannot be resolved, as when the workload has linked it in a
   *     circle
   */
  public static ClassifiedMounts classify(MountTable container, OciSpec spec, ScopedRoot root)
      throws IOException {
    Map<BytePath, MountOrigin> named = new HashMap<>();
    for (OciMount mount : spec.mounts()) {
      named.put(root.realPath(mount.destination()), MountOrigin.SPECIFIED);
    }
    for (BytePath path : spec.readonlyPaths()) {
      named.put(root.realPath(path), MountOrigin.READ_ONLY_PATH);
    }
    for (BytePath path : spec.maskedPaths()) {
      boolean directory = root.stat(path).filter(FileStat::isDirectory).isPresent();
      named.put(
          root.realPath(path), directory ? MountOrigin.MASKED_DIRECTORY : MountOrigin.MASKED_FILE);
    }
    return new ClassifiedMounts(container, named);
  }
}
