// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import java.util.Optional;

/**
 * Which extended attributes go with a file to another machine: the users', file capabilities and
 * access control lists. Not the labels of the node's security modules (security.selinux,
 * security.ima, ...), which the other node sets by its own policy.
 *
 * <p>What the merged tree shows is never the overlay's own. A workload with an overlay's layers in
 * its files has attributes called like marks there; they are in an archive as they are in an upper
 * directory, escaped: {@code trusted.overlay.overlay.x} for {@code trusted.overlay.x}. So one that
 * is not escaped there is a mark of the upper directory that another tool archived, and stays out.
 * Source: {@code Documentation/filesystems/overlayfs.rst}, "Nesting overlayfs mounts".
 */
final class PortableXattrs {

  private static final String MARK = ".overlay.";
  private static final String ESCAPED = ".overlay.overlay.";

  private PortableXattrs() {}

  /** Whether an attribute goes with its file, by its name in the merged tree. */
  static boolean includes(String name) {
    return switch (name) {
      case "security.capability", "system.posix_acl_access", "system.posix_acl_default" -> true;
      default -> name.startsWith("user.") || name.startsWith("trusted.");
    };
  }

  /** The name in an archive of one in the merged tree. */
  static String archived(String name) {
    return OverlayMarks.isLikeAMark(name) ? replaced(name, MARK, ESCAPED) : name;
  }

  /** The name in the merged tree of one in an archive; absent if it does not belong there. */
  static Optional<String> restored(String name) {
    if (!OverlayMarks.isLikeAMark(name)) {
      return Optional.of(name).filter(PortableXattrs::includes);
    }
    boolean escaped = name.indexOf(ESCAPED) == name.indexOf(MARK);
    return escaped ? Optional.of(replaced(name, ESCAPED, MARK)) : Optional.empty();
  }

  private static String replaced(String name, String first, String other) {
    int at = name.indexOf(first);
    return name.substring(0, at) + other + name.substring(at + first.length());
  }
}
