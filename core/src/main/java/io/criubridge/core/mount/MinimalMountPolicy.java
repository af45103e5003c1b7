// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.mount;

import static java.util.stream.Collectors.toSet;

import io.criubridge.core.mount.MountDecision.Action;
import io.criubridge.core.proc.MountInfo;
import io.criubridge.core.proc.MountInfo.RootState;
import io.criubridge.core.proc.MountTable;
import io.criubridge.core.sys.BytePath;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

  private final Optional<MountInfo> root;
  private final Set<BytePath> declared;
  private final Set<Device> hostDevices;
  private final Set<Integer> sharedGroups;
  private final Set<FileSystem> wholeFileSystems;
  private final Set<String> ownTypes;

  /** A file system, by its number. */
  private record Device(int major, int minor) {
    static Device of(MountInfo mount) {
      return new Device(mount.major(), mount.minor());
    }
  }

  /** As {@code mounts_sb_equal} has it; options of one file system do not differ. */
  private record FileSystem(Device device, String type, String source) {
    static FileSystem of(MountInfo mount) {
      return new FileSystem(Device.of(mount), mount.fsType(), mount.source());
    }
  }

  private MinimalMountPolicy(MountTable container, MountTable host, Set<BytePath> declared) {
    this.root = container.root();
    this.declared = declared;
    hostDevices = host.mounts().stream().map(Device::of).collect(toSet());
    List<MountInfo> mounts = container.mounts();
    sharedGroups = mounts.stream().map(m -> m.propagation().sharedGroup()).collect(toSet());
    List<MountInfo> whole = mounts.stream().filter(MinimalMountPolicy::isWhole).toList();
    wholeFileSystems = whole.stream().map(FileSystem::of).collect(toSet());
    ownTypes = whole.stream().filter(m -> !isOnHost(m)).map(MountInfo::fsType).collect(toSet());
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
        && !sharedGroups.contains(master)
        && !(isBindOfRoot(mount)
            && root.filter(r -> r.propagation().masterGroup() == master).isPresent());
  }

  /**
   * The host's /proc, say, bound into a container that has a /proc of its own: mounted anew it
   * would be the container's once more.
   */
  private boolean isHostsBesideOwn(MountInfo mount) {
    return isOnHost(mount) && ownTypes.contains(mount.fsType());
  }

  private boolean isBindOfRoot(MountInfo mount) {
    return root.filter(
            r -> FileSystem.of(mount).equals(FileSystem.of(r)) && mount.root().startsWith(r.root()))
        .isPresent();
  }

  private boolean isOnHost(MountInfo mount) {
    return hostDevices.contains(Device.of(mount));
  }

  private boolean isOriginVisible(MountInfo mount) {
    return wholeFileSystems.contains(FileSystem.of(mount));
  }

  private static boolean isWhole(MountInfo mount) {
    return mount.root().isRoot() && mount.rootState() == RootState.LINKED;
  }
}
