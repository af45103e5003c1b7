// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.mount;

import java.util.Set;

/** What CRIU knows of file system types. Source: {@code criu/filesystems.c}. */
final class CriuFileSystems {

  /** Types whose root CRIU mounts anew, or dumps with its content (tmpfs). */
  private static final Set<String> KNOWN =
      Set.of(
          "proc",
          "sysfs",
          "devtmpfs",
          "binfmt_misc",
          "tmpfs",
          "devpts",
          "simfs",
          "btrfs",
          "pstore",
          "mqueue",
          "securityfs",
          "fusectl",
          "debugfs",
          "tracefs",
          "cgroup",
          "cgroup2",
          "aufs",
          "fuse",
          "overlay",
          "autofs");

  /** Types with one instance for a machine or namespace: mounted anew they are the same. */
  private static final Set<String> SINGLE_INSTANCE =
      Set.of(
          "proc",
          "sysfs",
          "devtmpfs",
          "binfmt_misc",
          "pstore",
          "mqueue",
          "securityfs",
          "fusectl",
          "debugfs",
          "tracefs",
          "cgroup",
          "cgroup2");

  private CriuFileSystems() {}

  static boolean isKnown(String fsType) {
    return KNOWN.contains(fsType);
  }

  static boolean isSingleInstance(String fsType) {
    return SINGLE_INSTANCE.contains(fsType);
  }
}
