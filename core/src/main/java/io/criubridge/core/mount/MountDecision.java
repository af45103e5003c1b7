// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.mount;

import io.criubridge.core.proc.MountInfo;

/**
 * What is to happen to one mount of a container.
 *
 * @param mount the mount
 * @param action what CRIU is told about it
 * @param reason why, for people
 */
public record MountDecision(MountInfo mount, Action action, String reason) {

  /** What CRIU is told about a mount. */
  public enum Action {
    /** Nothing: CRIU dumps and restores it by itself. */
    NATIVE,
    /** It is external; the key is its mount point. */
    EXTERNALIZE,
    /** It is external and /dev/null is mounted there at restore. */
    MASK,
    /** It is left out of the dump. */
    SKIP,
    /** Nothing: the caller of CRIU has declared it already. */
    LEAVE_TO_CALLER
  }
}
