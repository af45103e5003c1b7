// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.container;

import java.util.Map;
import java.util.Optional;

/**
 * What {@code info["info"]} of a verbose container status holds.
 *
 * <p>Source: {@code server/container_status.go} of CRI-O; {@code
 * pkg/cri/server/container_status.go} of containerd
 *
 * @param pid 0 if it is not there, or the container does not run
 * @param runtimeSpec the OCI runtime specification
 */
record CriContainerInfo(int pid, Optional<OciSpec> runtimeSpec) {

  /**
   * Reads the text.
   *
   * @param origin for messages
   * @throws ContainerFileException naming origin and JSON path
   */
  static CriContainerInfo parse(String origin, String text) throws ContainerFileException {
    return JsonCursor.parse(
        origin,
        text,
        json -> {
          Draft draft = new Draft();
          json.object(
              Map.of(
                  "pid", () -> draft.pid = json.int32(),
                  "runtimeSpec", () -> draft.spec = json.optional(() -> OciSpec.read(json))));
          return new CriContainerInfo(draft.pid, draft.spec);
        });
  }

  private static final class Draft {
    private int pid;
    private Optional<OciSpec> spec = Optional.empty();
  }
}
