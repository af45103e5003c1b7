// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.mount;

import io.criubridge.core.mount.MountDecision.Action;
import io.criubridge.core.proc.MountInfo;
import io.criubridge.core.proc.MountInfo.RootState;
import io.criubridge.core.proc.MountTable;
import io.criubridge.core.sys.BytePath;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Declares external only what CRIU cannot dump by itself or would dump as something else: what lies
 * on a file system of the host, binds whose origin is not to be seen in the container, and types
 * that CRIU does not know.
 *
 * <p>Source: {@code validate_mounts}, {@code resolve_shared_mounts} and {@code dump_one_fs} in
 * {@code criu/mount.c}
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
   * @throws MountConflictException if two mounts at one place would need different treatment
   */
  public static List<MountDecision> decide(
      MountTable container, MountTable host, Set<BytePath> declared) throws MountConflictException {
    MinimalMountPolicy policy = new MinimalMountPolicy(container, host, declared);
    List<MountDecision> decisions = new ArrayList<>();
    for (MountInfo mount : container.mounts()) {
      if (!mount.mountPoint().isRoot()) {
        decisions.add(policy.decide(mount));
      }
    }
    return StackedMounts.agree(decisions, container);
  }

  private MountDecision decide(MountInfo mount) {
    if (declared.contains(mount.mountPoint())) {
      return new MountDecision(
          mount, Action.LEAVE_TO_CALLER, "the caller of CRIU has declared it external");
    }
    if (CriuFileSystems.isLeftOut(mount.fsType())) {
      return new MountDecision(mount, Action.NATIVE, "CRIU leaves " + mount.fsType() + " out");
    }
    if (isSlaveFromOutside(mount)) {
      return new MountDecision(
          mount, Action.EXTERNALIZE, "receives mounts from outside the container");
    }
    if (isBindOfRoot(mount)) {
      return new MountDecision(mount, Action.NATIVE, "a bind of the container's own root");
    }
    return isWhole(mount) ? decideWhole(mount) : decideBind(mount);
  }

  private MountDecision decideWhole(MountInfo mount) {
    String type = mount.fsType();
    if (CriuFileSystems.isSingleInstance(type) && !isHostsBesideOwn(mount)) {
      return new MountDecision(mount, Action.NATIVE, "CRIU mounts " + type + " anew");
    }
    if (isOnHost(mount)) {
      return ofHost(mount);
    }
    return CriuFileSystems.isKnown(type)
        ? new MountDecision(mount, Action.NATIVE, "a file system of the container's own")
        : new MountDecision(
            mount, Action.EXTERNALIZE, "CRIU does not know the file system " + type);
  }

  private MountDecision decideBind(MountInfo mount) {
    if (isOnHost(mount)) {
      return ofHost(mount);
    }
    return isOriginVisible(mount)
        ? new MountDecision(mount, Action.NATIVE, "a bind of a mount of the container")
        : new MountDecision(
            mount, Action.EXTERNALIZE, "a bind whose origin is not mounted in the container");
  }

  private static MountDecision ofHost(MountInfo mount) {
    return new MountDecision(
        mount, Action.EXTERNALIZE, "lies on a file system (" + mount.fsType() + ") of the host");
  }

  /** CRIU refuses a slave whose master it does not see, unless the slave is external. */
  private boolean isSlaveFromOutside(MountInfo mount) {
    int master = mount.propagation().masterGroup();
    return mount.propagation().isSlave()
        && container.mounts().stream().noneMatch(m -> m.propagation().sharedGroup() == master)
        && !(isBindOfRoot(mount)
            && container.root().filter(r -> r.propagation().masterGroup() == master).isPresent());
  }

  /**
   * The host's /proc, say, bound into a container that has a /proc of its own: mounted anew it
   * would be the container's once more.
   */
  private boolean isHostsBesideOwn(MountInfo mount) {
    return isOnHost(mount)
        && container.mounts().stream()
            .anyMatch(m -> m.fsType().equals(mount.fsType()) && isWhole(m) && !isOnHost(m));
  }

  private boolean isBindOfRoot(MountInfo mount) {
    return container
        .root()
        .filter(root -> isSameToCriu(mount, root) && mount.root().startsWith(root.root()))
        .isPresent();
  }

  private boolean isOnHost(MountInfo mount) {
    return host.mounts().stream().anyMatch(other -> isSameFileSystem(mount, other));
  }

  private boolean isOriginVisible(MountInfo mount) {
    return container.mounts().stream()
        .anyMatch(other -> isSameToCriu(mount, other) && isWhole(other));
  }

  private static boolean isWhole(MountInfo mount) {
    return mount.root().isRoot() && mount.rootState() == RootState.LINKED;
  }

  private static boolean isSameFileSystem(MountInfo one, MountInfo other) {
    return one.major() == other.major() && one.minor() == other.minor();
  }

  /** As {@code mounts_sb_equal} has it; options of one file system do not differ. */
  private static boolean isSameToCriu(MountInfo one, MountInfo other) {
    return isSameFileSystem(one, other)
        && one.fsType().equals(other.fsType())
        && one.source().equals(other.source());
  }
}
