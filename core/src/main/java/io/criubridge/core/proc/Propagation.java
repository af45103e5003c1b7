// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.proc;

/**
 * How a mount shares later mounts and unmounts with others. A mount may be both shared and a slave.
 *
 * <p>Source: mount_namespaces(7), the optional fields of proc_pid_mountinfo(5)
 *
 * @param sharedGroup the peer group this mount belongs to, 0 for none
 * @param masterGroup the peer group this mount receives from, 0 for none
 * @param propagateFromGroup the nearest dominant peer group under the process's root, 0 for none
 * @param unbindable whether the mount refuses to be bind-mounted
 */
public record Propagation(
    int sharedGroup, int masterGroup, int propagateFromGroup, boolean unbindable) {

  /** Neither shared, nor slave, nor unbindable. */
  public static final Propagation PRIVATE = new Propagation(0, 0, 0, false);

  /** Whether mounts made here appear in other mount namespaces. */
  public boolean isShared() {
    return sharedGroup != 0;
  }

  /** Whether mounts made elsewhere appear here. */
  public boolean isSlave() {
    return masterGroup != 0;
  }
}
