// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import io.criubridge.core.sys.BytePath;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * Where a container had mounts, which hid what its root has there. A capture of this project has
 * nothing of that; engines archive the places themselves, which a runtime makes in the root, and
 * all that they hide.
 */
public record MountedPlaces(Set<BytePath> mountPoints) {

  /** None: everything is to be seen. */
  public static final MountedPlaces NONE = new MountedPlaces(Set.of());

  /** Copies the set. */
  public MountedPlaces {
    mountPoints = Set.copyOf(mountPoints);
  }

  /** Those of a container, whose root does not count. */
  public static MountedPlaces of(Collection<BytePath> mountPoints) {
    return new MountedPlaces(
        Set.copyOf(mountPoints.stream().filter(place -> !place.isRoot()).toList()));
  }

  /** Those paths that are to be seen. */
  public List<BytePath> visible(List<BytePath> paths) {
    return paths.stream().filter(path -> !hide(path)).toList();
  }

  /** Whether a path is a mount point or below one. */
  public boolean hide(BytePath path) {
    for (BytePath mountPoint : mountPoints) {
      if (path.startsWith(mountPoint)) {
        return true;
      }
    }
    return false;
  }
}
