// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.mount;

import io.criubridge.core.proc.MountInfo;
import io.criubridge.core.proc.MountInfo.RootState;
import io.criubridge.core.proc.MountTable;
import io.criubridge.core.proc.SuperOption;
import io.criubridge.core.sys.BytePath;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A mount of a cgroup hierarchy. The hierarchy has the same name on every machine that has it, the
 * place where it is mounted need not be the same.
 */
public final class CgroupMount {

  /**
   * Options that are no controllers. Source: {@code cgroup1_show_options()} in
   * kernel/cgroup/cgroup-v1.c, {@code show_sb_opts()} in fs/proc_namespace.c, {@code
   * selinux_sb_show_options()} in security/selinux/hooks.c
   */
  private static final Set<String> FLAGS =
      Set.of(
          "noprefix",
          "xattr",
          "cpuset_v2_mode",
          "favordynmods",
          "release_agent",
          "clone_children",
          "rw",
          "ro",
          "sync",
          "dirsync",
          "mand",
          "lazytime",
          "seclabel",
          "context",
          "fscontext",
          "defcontext",
          "rootcontext");

  private CgroupMount() {}

  /**
   * Names the hierarchy that is mounted: its controllers for version 1, such as {@code cpu,cpuacct}
   * or {@code name=systemd}, and the empty name for version 2.
   *
   * @return empty if the mount is not of a cgroup file system
   */
  public static Optional<String> hierarchy(MountInfo mount) {
    return hierarchy(mount.fsType(), mount.superOptions());
  }

  /** As above, for a mount of which these are known, be it another machine's. */
  public static Optional<String> hierarchy(String fsType, List<SuperOption> options) {
    return switch (fsType) {
      case "cgroup2" -> Optional.of("");
      case "cgroup" ->
          Optional.of(
              options.stream()
                  .filter(option -> !FLAGS.contains(option.name()))
                  .map(CgroupMount::text)
                  .sorted()
                  .collect(Collectors.joining(",")));
      default -> Optional.empty();
    };
  }

  /**
   * Finds a group's directory on this machine.
   *
   * @param hierarchy as {@link #hierarchy} names it
   * @param group the group's path in the hierarchy
   * @param host the mounts of this machine
   * @return empty if the hierarchy is not mounted from its root, or the mount is covered
   */
  public static Optional<BytePath> directory(String hierarchy, BytePath group, MountTable host) {
    return host.mounts().stream()
        .filter(mount -> mount.root().isRoot() && mount.rootState() == RootState.LINKED)
        .filter(mount -> host.visibleAt(mount.mountPoint()).filter(mount::equals).isPresent())
        .filter(mount -> hierarchy(mount).filter(hierarchy::equals).isPresent())
        .map(mount -> mount.mountPoint().append(group))
        .findFirst();
  }

  private static String text(SuperOption option) {
    return option.value().isEmpty() ? option.name() : option.name() + "=" + option.value();
  }
}
