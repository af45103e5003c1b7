// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.mount;

import io.criubridge.core.mount.MountDecision.Action;
import io.criubridge.core.proc.MountInfo;
import io.criubridge.core.proc.MountTable;
import io.criubridge.core.sys.BytePath;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Declares external only what CRIU cannot dump by itself or would dump as something else: what lies
 * on a file system of the host, binds whose origin is not to be seen in the container, and types
 * that CRIU does not know. Source for what CRIU can do: {@code criu/mount.c}, {@code
 * validate_mounts}.
 */
public final class MinimalMountPolicy {

  private final MountTable container;
  private final MountTable host;
  private final Set<BytePath> declared;

  private MinimalMountPolicy(MountTable container, MountTable host, Set<BytePath> declared) {
    this.container = container;
    this.host = host;
    this.declared = declared;
  }

  /**
   * Decides about every mount but the container's root.
   *
   * @param container the mounts of the container's root process
   * @param host the mounts that CRIU sees
   * @param declared mount points that the caller of CRIU has declared external
   * @return a decision for each mount, in the order of the container's mount table
   */
  public static List<MountDecision> decide(
      MountTable container, MountTable host, Set<BytePath> declared) {
    MinimalMountPolicy policy = new MinimalMountPolicy(container, host, declared);
    List<MountDecision> decisions = new ArrayList<>();
    for (MountInfo mount : container.mounts()) {
      if (!mount.mountPoint().isRoot()) {
        decisions.add(policy.decide(mount));
      }
    }
    return decisions;
  }

  private MountDecision decide(MountInfo mount) {
    if (declared.contains(mount.mountPoint())) {
      return new MountDecision(
          mount, Action.LEAVE_TO_CALLER, "the caller of CRIU has declared it external");
    }
    if (isBindOfRoot(mount)) {
      return new MountDecision(mount, Action.NATIVE, "a bind of the container's own root");
    }
    boolean wholeFileSystem = mount.root().isRoot();
    if (wholeFileSystem && CriuFileSystems.isSingleInstance(mount.fsType())) {
      return new MountDecision(mount, Action.NATIVE, "CRIU mounts " + mount.fsType() + " anew");
    }
    if (isOnHost(mount)) {
      return new MountDecision(
          mount, Action.EXTERNALIZE, "lies on a file system (" + mount.fsType() + ") of the host");
    }
    if (wholeFileSystem && !CriuFileSystems.isKnown(mount.fsType())) {
      return new MountDecision(
          mount, Action.EXTERNALIZE, "CRIU does not know the file system " + mount.fsType());
    }
    if (!wholeFileSystem && !isOriginVisible(mount)) {
      return new MountDecision(
          mount, Action.EXTERNALIZE, "a bind whose origin is not mounted in the container");
    }
    return new MountDecision(
        mount,
        Action.NATIVE,
        wholeFileSystem
            ? "a file system of the container's own"
            : "a bind of a mount of the container");
  }

  private boolean isBindOfRoot(MountInfo mount) {
    return container
        .root()
        .filter(root -> sameFileSystem(mount, root) && mount.root().startsWith(root.root()))
        .isPresent();
  }

  private boolean isOnHost(MountInfo mount) {
    return host.mounts().stream().anyMatch(other -> sameFileSystem(mount, other));
  }

  private boolean isOriginVisible(MountInfo mount) {
    return container.mounts().stream()
        .anyMatch(other -> sameFileSystem(mount, other) && other.root().isRoot());
  }

  private static boolean sameFileSystem(MountInfo one, MountInfo other) {
    return one.major() == other.major() && one.minor() == other.minor();
  }
}
