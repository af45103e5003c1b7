// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

/**
 * Which extended attributes go with a file to another machine: the users', file capabilities and
 * access control lists. Not the overlay's own marks, nor the labels of the node's security modules
 * (security.selinux, security.ima, ...), which the other node sets by its own policy.
 */
final class PortableXattrs {

  private PortableXattrs() {}

  static boolean includes(String name) {
    return switch (name) {
      case "security.capability", "system.posix_acl_access", "system.posix_acl_default" -> true;
      default ->
          (name.startsWith("user.") || name.startsWith("trusted."))
              && !name.startsWith("user.overlay.")
              && !name.startsWith("trusted.overlay.");
    };
  }
}
