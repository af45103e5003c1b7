// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.container;

/**
 * A namespace of a container.
 *
 * <p>Source: OCI runtime specification, config-linux.md, "Namespaces"
 *
 * @param type {@code pid}, {@code network}, {@code mount}, {@code ipc}, {@code uts}, {@code user},
 *     {@code cgroup} or {@code time}
 * @param path the namespace to join, empty for a new one
 */
public record OciNamespace(String type, String path) {

  /** Whether the namespace was there before the container, and may outlive it. */
  public boolean isJoined() {
    return !path.isEmpty();
  }
}
