// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.mount;

import io.criubridge.core.proc.MountInfo;
import io.criubridge.core.proc.MountTable;
import io.criubridge.core.sys.BytePath;
import java.util.Map;
import java.util.Optional;

/**
 * The mounts of a container, and what the OCI spec says of each.
 *
 * @param table the mounts
 * @param named the places that the spec names, as the kernel shows them
 */
public record ClassifiedMounts(MountTable table, Map<BytePath, MountOrigin> named) {

  private static final BytePath RUN = BytePath.of("/run");
  private static final BytePath VAR_RUN = BytePath.of("/var/run");

  public ClassifiedMounts {
    named = Map.copyOf(named);
  }

  /** What the spec says of a mount. */
  public MountOrigin origin(MountInfo mount) {
    BytePath place = mount.mountPoint();
    return Optional.ofNullable(named.get(place))
        .or(() -> alias(place).map(named::get))
        .orElse(MountOrigin.UNNAMED);
  }

  /** Images link one of the two to the other; a workload may have changed which. */
  private static Optional<BytePath> alias(BytePath place) {
    if (place.startsWith(RUN)) {
      return Optional.of(VAR_RUN.append(place.below(RUN)));
    }
    return place.startsWith(VAR_RUN)
        ? Optional.of(RUN.append(place.below(VAR_RUN)))
        : Optional.empty();
  }
}
