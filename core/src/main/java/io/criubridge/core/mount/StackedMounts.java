// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.mount;

import io.criubridge.core.mount.MountDecision.Action;
import io.criubridge.core.proc.MountInfo;
import io.criubridge.core.proc.MountTable;
import io.criubridge.core.sys.BytePath;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes decisions about mounts at one place agree: CRIU looks an external mount up by its mount
 * point, so that declaring one declares all of them. Source: {@code try_resolve_ext_mount} in
 * {@code criu/mount.c}.
 */
final class StackedMounts {

  private StackedMounts() {}

  /**
   * Declares what is hidden with what hides it.
   *
   * @throws MountConflictException if the one that is seen is the container's own, so that its
   *     content would be lost
   */
  static List<MountDecision> agree(List<MountDecision> decisions, MountTable container)
      throws MountConflictException {
    List<MountDecision> agreed = new ArrayList<>();
    for (MountDecision decision : decisions) {
      Optional<MountInfo> external = externalAt(decision.mount().mountPoint(), decisions);
      if (decision.action() != Action.NATIVE || external.isEmpty()) {
        agreed.add(decision);
        continue;
      }
      MountInfo mount = decision.mount();
      if (container.visibleAt(mount.mountPoint()).filter(mount::equals).isPresent()) {
        throw new MountConflictException(mount, external.get());
      }
      agreed.add(
          new MountDecision(
              mount, Action.EXTERNALIZE, "covered by, or covering, an external mount"));
    }
    return agreed;
  }

  private static Optional<MountInfo> externalAt(BytePath place, List<MountDecision> decisions) {
    return decisions.stream()
        .filter(d -> d.action() == Action.EXTERNALIZE)
        .map(MountDecision::mount)
        .filter(mount -> mount.mountPoint().equals(place))
        .findFirst();
  }
}
