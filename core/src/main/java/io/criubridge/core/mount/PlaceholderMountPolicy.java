// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.mount;

import io.criubridge.core.mount.MountDecision.Action;
import io.criubridge.core.proc.MountInfo;
import io.criubridge.core.proc.MountTable;
import io.criubridge.core.sys.BytePath;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Declares everything external, for a restore into a container that somebody else has prepared (the
 * placeholder) from the same OCI spec, so that it has these mounts already. The rules, in their
 * order:
 *
 * <ol>
 *   <li>a mount below /proc, /sys or /run that the spec does not name is left out, as the
 *       placeholder has none there, if all that is mounted on it is left out too (CRIU does not
 *       take a mount without its parent);
 *   <li>a tmpfs at /dev/shm stays with CRIU, content and all;
 *   <li>a masked path that is no directory becomes /dev/null;
 *   <li>everything else is external.
 * </ol>
 *
 * The other policy is {@link MinimalMountPolicy}, for a restore where nothing has been prepared: it
 * needs no spec, and leaves to CRIU what CRIU can do.
 */
public final class PlaceholderMountPolicy {

  private static final List<BytePath> RUNTIME_TREES =
      List.of(BytePath.of("/proc"), BytePath.of("/sys"), BytePath.of("/run"));
  private static final BytePath SHM = BytePath.of("/dev/shm");

  private final ClassifiedMounts mounts;
  private final Set<Integer> kept;

  private PlaceholderMountPolicy(ClassifiedMounts mounts) {
    this.mounts = mounts;
    this.kept = kept(mounts);
  }

  /**
   * Decides about every mount but the container's root.
   *
   * <p>Seed: BuildMountPolicy (which declares masked paths external whether or not a mount is
   * there; CRIU passes over such a declaration)
   *
   * @param mounts the mounts of the container's root process, as {@link MountClassifier} tells them
   * @return a decision for each mount, in the order of the container's mount table
   * @throws MountConflictException if two mounts at one place would need different treatment
   */
  public static List<MountDecision> decide(ClassifiedMounts mounts) throws MountConflictException {
    PlaceholderMountPolicy policy = new PlaceholderMountPolicy(mounts);
    MountTable container = mounts.table();
    List<MountDecision> decisions = new ArrayList<>();
    for (MountInfo mount : container.mounts()) {
      if (!mount.mountPoint().isRoot()) {
        decisions.add(policy.decide(mount));
      }
    }
    return StackedMounts.agree(decisions, container);
  }

  private MountDecision decide(MountInfo mount) {
    MountOrigin origin = mounts.origin(mount);
    if (!kept.contains(mount.id())) {
      return new MountDecision(mount, Action.SKIP, "below /proc, /sys or /run and " + origin);
    }
    if (mount.mountPoint().equals(SHM) && mount.fsType().equals("tmpfs")) {
      return new MountDecision(mount, Action.NATIVE, "the container's shared memory");
    }
    if (origin == MountOrigin.MASKED_FILE) {
      return new MountDecision(mount, Action.MASK, origin.toString());
    }
    return new MountDecision(
        mount, Action.EXTERNALIZE, origin + "; the placeholder has to have it");
  }

  /** The mounts that the first rule does not leave out, with all that they lie on. */
  private static Set<Integer> kept(ClassifiedMounts mounts) {
    Map<Integer, MountInfo> byId = new HashMap<>();
    mounts.table().mounts().forEach(mount -> byId.put(mount.id(), mount));
    Set<Integer> kept = new HashSet<>();
    for (MountInfo mount : mounts.table().mounts()) {
      if (mounts.origin(mount).isNamed() || !isInRuntimeTree(mount.mountPoint())) {
        // No recursion: a workload may stack as many mounts as the kernel lets it.
        MountInfo at = mount;
        while (at != null && kept.add(at.id())) {
          at = byId.get(at.parentId());
        }
      }
    }
    return kept;
  }

  private static boolean isInRuntimeTree(BytePath place) {
    return RUNTIME_TREES.stream().anyMatch(tree -> place.startsWith(tree) && !place.equals(tree));
  }
}
