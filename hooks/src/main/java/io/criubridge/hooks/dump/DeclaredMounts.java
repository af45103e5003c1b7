// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.dump;

import io.criubridge.core.mount.MountDecision;
import io.criubridge.core.mount.MountDecision.Action;
import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.PathText;
import io.criubridge.hooks.PhaseFailure;
import io.criubridge.images.ImageSet;
import io.criubridge.images.Mount;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The external mounts of CRIU's images, and the check that every mount that had to be external is
 * external: a mount that came between pre-dump and the freeze, or a plan that nobody carried out,
 * must not end in a checkpoint whose mounts are something else.
 */
record DeclaredMounts(Map<BytePath, String> keys) {

  /** CRIU's own keys, of mounts that it finds by itself at restore. */
  private static final String AUTODETECTED = "CRIU:";

  /** Copies the map. */
  DeclaredMounts {
    keys = Map.copyOf(keys);
  }

  /** Reads which mounts CRIU's images have as external. */
  static DeclaredMounts read(Path imageDirectory) throws IOException {
    Map<BytePath, String> keys = new HashMap<>();
    for (Mount mount : new ImageSet(imageDirectory).mounts()) {
      BytePath place = BytePath.of(mount.mountPoint().toByteArray());
      mount
          .externalKey()
          .map(key -> PathText.of(key.toByteArray()))
          .or(() -> mount.withPlugin() ? Optional.of(place.text()) : Optional.empty())
          .ifPresent(key -> keys.put(place, key));
    }
    return new DeclaredMounts(keys);
  }

  /** The name under which a restore must give CRIU a source for the mount. */
  Optional<String> key(BytePath mountPoint) {
    return Optional.ofNullable(keys.get(mountPoint)).filter(key -> !key.startsWith(AUTODETECTED));
  }

  /**
   * Requires that CRIU did what was decided.
   *
   * @throws PhaseFailure naming the mounts that it took for the container's own
   */
  void requireAll(List<MountDecision> decisions) throws PhaseFailure {
    List<BytePath> missing =
        decisions.stream()
            .filter(d -> d.action() == Action.EXTERNALIZE || d.action() == Action.MASK)
            .map(d -> d.mount().mountPoint())
            .filter(place -> !keys.containsKey(place))
            .toList();
    if (!missing.isEmpty()) {
      throw new PhaseFailure(
          PhaseFailure.DATA,
          "CRIU dumped these mounts of the host as the container's own: "
              + missing.stream().map(BytePath::toString).collect(Collectors.joining(", "))
              + ". Either the plugin is missing (criu --libdir <criu-bridge>/lib/criu, or"
              + " /usr/lib/criu/criu_bridge.so), or they were mounted during the dump: try again");
    }
  }
}
