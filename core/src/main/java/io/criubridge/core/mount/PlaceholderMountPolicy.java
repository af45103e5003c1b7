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
 * Declares everything external, for a restore into a container that somebody else has prepared and
 * that has all of these mounts already. The rules, in their order:
 *
 * <ol>
 *   <li>a mount below /proc, /sys or /run that the OCI spec does not name is left out, if all that
 *       is mounted on it is left out too (CRIU does not take a mount without its parent);
 *   <li>a tmpfs at /dev/shm stays with CRIU, content and all;
 *   <li>a masked path that is no directory becomes /dev/null;
 *   <li>everything else is external.
 * </ol>
 *
 * Seed: BuildMountPolicy
 */
public final class PlaceholderMountPolicy {

  private static final List<BytePath> RUNTIME_TREES =
      List.of(BytePath.of("/proc"), BytePath.of("/sys"), BytePath.of("/run"));
  private static final BytePath SHM = BytePath.of("/dev/shm");

  private final MountTable container;
  private final Set<BytePath> specified;
  private final Set<BytePath> maskedFiles;

  private PlaceholderMountPolicy(
      MountTable container, Set<BytePath> specified, Set<BytePath> maskedFiles) {
    this.container = container;
    this.specified = specified;
    this.maskedFiles = maskedFiles;
  }

  /**
   * Decides about every mount but the container's root.
   *
   * @param container the mounts of the container's root process
   * @param specified mount points that the OCI spec names
   * @param maskedFiles masked paths of the OCI spec that are there and no directories
   * @return a decision for each mount, in the order of the container's mount table
   * @throws MountConflictException if two mounts at one place would need different treatment
   */
  public static List<MountDecision> decide(
      MountTable container, Set<BytePath> specified, Set<BytePath> maskedFiles)
      throws MountConflictException {
    PlaceholderMountPolicy policy = new PlaceholderMountPolicy(container, specified, maskedFiles);
    List<MountDecision> decisions = new ArrayList<>();
    for (MountInfo mount : container.mounts()) {
      if (!mount.mountPoint().isRoot()) {
        decisions.add(policy.decide(mount));
      }
    }
    return StackedMounts.agree(decisions, container);
  }

  private MountDecision decide(MountInfo mount) {
    BytePath place = mount.mountPoint();
    if (isLeftOut(mount)) {
      return new MountDecision(
          mount, Action.SKIP, "below /proc, /sys or /run and not in the OCI spec");
    }
    if (place.equals(SHM) && mount.fsType().equals("tmpfs")) {
      return new MountDecision(mount, Action.NATIVE, "the container's shared memory");
    }
    if (maskedFiles.contains(place)) {
      return new MountDecision(mount, Action.MASK, "a masked path");
    }
    return new MountDecision(mount, Action.EXTERNALIZE, "the placeholder has it");
  }

  private boolean isLeftOut(MountInfo mount) {
    BytePath place = mount.mountPoint();
    return !specified.contains(place)
        && !maskedFiles.contains(place)
        && RUNTIME_TREES.stream().anyMatch(tree -> place.startsWith(tree) && !place.equals(tree))
        && container.children(mount.id()).stream().allMatch(this::isLeftOut);
  }
}
