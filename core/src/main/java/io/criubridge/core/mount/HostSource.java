// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.mount;

import io.criubridge.core.proc.MountInfo;
import io.criubridge.core.proc.MountTable;
import io.criubridge.core.sys.BytePath;
import java.util.ArrayList;
import java.util.List;

/** Finds where on the host a mount of a container comes from. */
public final class HostSource {

  private HostSource() {}

  /**
   * Gives the host paths under which the mount's content is to be seen: for each mount of the host
   * with the same file system whose root holds this mount's root, the path there. The caller proves
   * which is the same file (a later mount of the host may hide a path).
   *
   * @return candidates, in the order of the host's mount table; none if the file system is not
   *     mounted on the host, or not that part of it
   */
  public static List<BytePath> candidates(MountInfo mount, MountTable host) {
    List<BytePath> candidates = new ArrayList<>();
    for (MountInfo other : host.mounts()) {
      if (other.major() == mount.major()
          && other.minor() == mount.minor()
          && mount.root().startsWith(other.root())) {
        candidates.add(other.mountPoint().append(mount.root().below(other.root())));
      }
    }
    return candidates;
  }
}
