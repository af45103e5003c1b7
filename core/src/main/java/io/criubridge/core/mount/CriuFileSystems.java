// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.mount;

import java.util.Set;

/** What CRIU knows of file system types. Source: {@code criu/filesystems.c}. */
final class CriuFileSystems {

  /**
   * Types with one instance for a machine or a namespace: where the namespace is the same, mounting
   * one anew gives the same.
   */
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

  /**
   * Others whose root CRIU mounts anew, or dumps with its content (tmpfs). It has entries for btrfs
   * and fuse as well: one for a type that is not supported, one that always fails.
   */
  private static final Set<String> WITH_INSTANCES =
      Set.of("tmpfs", "devpts", "simfs", "aufs", "overlay", "autofs");

  private CriuFileSystems() {}

  /** Whether CRIU can bring back a file system that is mounted from its root. */
  static boolean isKnown(String fsType) {
    return isSingleInstance(fsType) || WITH_INSTANCES.contains(withoutSubtype(fsType));
  }

  static boolean isSingleInstance(String fsType) {
    return SINGLE_INSTANCE.contains(withoutSubtype(fsType));
  }

  /** Whether CRIU passes over mounts of the type, declared external or not. */
  static boolean isLeftOut(String fsType) {
    return fsType.equals("tracefs");
  }

  /** CRIU reads {@code type.subtype} as the type. Source: {@code criu/proc_parse.c}. */
  private static String withoutSubtype(String fsType) {
    int dot = fsType.indexOf('.');
    return dot < 0 ? fsType : fsType.substring(0, dot);
  }
}
