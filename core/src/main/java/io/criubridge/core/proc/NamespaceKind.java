// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.proc;

import java.util.Locale;

/**
 * The kinds of namespaces. Source: namespaces(7)
 *
 * <p>A kernel may lack some; {@code TIME} came with Linux 5.6.
 */
public enum NamespaceKind {
  CGROUP,
  IPC,
  MNT,
  NET,
  PID,
  TIME,
  USER,
  UTS;

  private final String linkPath = "ns/" + fileName();

  /** The name of the link in {@code /proc/PID/ns}. */
  public String fileName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Where the link is below {@code /proc/PID}. */
  String linkPath() {
    return linkPath;
  }
}
