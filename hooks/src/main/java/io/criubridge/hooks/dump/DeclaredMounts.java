// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.dump;

import io.criubridge.core.mount.MountDecision;
import io.criubridge.core.mount.MountDecision.Action;
import io.criubridge.core.sys.BytePath;
import io.criubridge.hooks.PhaseFailure;
import io.criubridge.images.ImageSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Checks in CRIU's images that every mount that had to be external is external: a mount that came
 * between pre-dump and the freeze, or a plan that nobody carried out, must not end in a checkpoint
 * whose mounts are something else.
 */
final class DeclaredMounts {

  private DeclaredMounts() {}

  static void verify(Path imageDirectory, List<MountDecision> decisions) throws IOException {
    List<BytePath> needed =
        decisions.stream()
            .filter(d -> d.action() == Action.EXTERNALIZE || d.action() == Action.MASK)
            .map(d -> d.mount().mountPoint())
            .toList();
    if (needed.isEmpty()) {
      return;
    }
    Set<BytePath> external = external(imageDirectory);
    List<BytePath> missing = needed.stream().filter(path -> !external.contains(path)).toList();
    if (!missing.isEmpty()) {
      throw new PhaseFailure(
          PhaseFailure.DATA,
          "CRIU dumped these mounts of the host as the container's own: "
              + missing.stream().map(BytePath::toString).collect(Collectors.joining(", "))
              + ". Either the plugin is missing (criu --libdir <criu-bridge>/lib/criu, or"
              + " /usr/lib/criu/criu_bridge.so), or they were mounted during the dump: try again");
    }
  }

  /** The mount points that CRIU's images have as external. */
  static Set<BytePath> external(Path imageDirectory) throws IOException {
    return new ImageSet(imageDirectory)
        .mounts().stream()
            .filter(mount -> mount.externalKey().isPresent() || mount.withPlugin())
            .map(mount -> BytePath.of(mount.mountPoint().toByteArray()))
            .collect(Collectors.toSet());
  }
}
