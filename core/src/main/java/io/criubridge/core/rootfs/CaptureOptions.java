// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import io.criubridge.core.sys.BytePath;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * What a capture leaves out, neither archived nor told of as deleted.
 *
 * @param mountPoints where something is mounted in the container
 * @param exclusions files and whole directories that the user does not want
 */
public record CaptureOptions(Set<BytePath> mountPoints, List<BytePath> exclusions) {

  /** Copies its arguments. */
  public CaptureOptions {
    mountPoints = Set.copyOf(mountPoints);
    exclusions = List.copyOf(exclusions);
  }

  /** Nothing but mounts that are found on the way is left out. */
  public static CaptureOptions everything() {
    return new CaptureOptions(Set.of(), List.of());
  }

  /** Whether a directory, which is not left out itself, may have something below it that is. */
  boolean mayLeaveOutBelow(BytePath directory) {
    return anyBelow(mountPoints, directory) || anyBelow(exclusions, directory);
  }

  private static boolean anyBelow(Collection<BytePath> paths, BytePath directory) {
    for (BytePath path : paths) {
      if (path.startsWith(directory)) {
        return true;
      }
    }
    return false;
  }

  boolean leaveOut(BytePath path) {
    return mountPoints.contains(path) || exclusions.stream().anyMatch(path::startsWith);
  }
}
