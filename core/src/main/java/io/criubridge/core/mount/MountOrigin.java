// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.mount;

/** What the OCI spec says of a mount's place. */
public enum MountOrigin {
  /** One of its {@code mounts}. */
  SPECIFIED("a mount of the OCI spec"),
  /** One of its read-only paths, which the runtime binds onto itself. */
  READ_ONLY_PATH("a read-only path of the OCI spec"),
  /** One of its masked paths, a directory, which the runtime covers with an empty tmpfs. */
  MASKED_DIRECTORY("a masked directory of the OCI spec"),
  /** One of its masked paths, no directory, which the runtime covers with {@code /dev/null}. */
  MASKED_FILE("a masked path of the OCI spec"),
  /** Nothing. */
  UNNAMED("not in the OCI spec");

  private final String description;

  MountOrigin(String description) {
    this.description = description;
  }

  /** Whether the runtime makes this mount in every container of the spec. */
  public boolean isNamed() {
    return this != UNNAMED;
  }

  /** For people. */
  @Override
  public String toString() {
    return description;
  }
}
