// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.container;

import io.criubridge.core.sys.BytePath;
import java.util.List;

/**
 * A mount that the runtime makes for a container.
 *
 * <p>Source: OCI runtime specification, config.md, "Mounts"
 *
 * @param destination where in the container
 * @param type the file system type; empty or meaningless for a bind mount
 * @param source a device, a directory of the host, or a name without meaning; may be empty
 * @param options mount options
 */
public record OciMount(BytePath destination, String type, String source, List<String> options) {

  public OciMount {
    options = List.copyOf(options);
  }

  /** Whether this is a bind mount, which the options say whatever the type says. */
  public boolean isBind() {
    return options.contains("bind") || options.contains("rbind") || type.equals("bind");
  }

  /** Whether the container may only read it. */
  public boolean isReadOnly() {
    return options.contains("ro");
  }
}
