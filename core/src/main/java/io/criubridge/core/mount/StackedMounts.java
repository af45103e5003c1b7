// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.mount;

import io.criubridge.core.mount.MountDecision.Action;
import io.criubridge.core.proc.MountInfo;
import io.criubridge.core.proc.MountTable;
import io.criubridge.core.sys.BytePath;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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
    Map<BytePath, MountInfo> externals = externals(decisions);
    List<MountDecision> agreed = new ArrayList<>();
    for (MountDecision decision : decisions) {
      MountInfo mount = decision.mount();
      MountInfo external = externals.get(mount.mountPoint());
      if (decision.action() != Action.NATIVE || external == null) {
        agreed.add(decision);
        continue;
      }
      if (container.visibleAt(mount.mountPoint()).filter(mount::equals).isPresent()) {
        throw new MountConflictException(mount, external);
      }
      agreed.add(
          new MountDecision(
              mount, Action.EXTERNALIZE, "covered by, or covering, an external mount"));
    }
    return agreed;
  }

  /** The first external mount at each place. */
  private static Map<BytePath, MountInfo> externals(List<MountDecision> decisions) {
    Map<BytePath, MountInfo> externals = new HashMap<>();
    for (MountDecision decision : decisions) {
      if (decision.action() == Action.EXTERNALIZE) {
        externals.putIfAbsent(decision.mount().mountPoint(), decision.mount());
      }
    }
    return externals;
  }
}
