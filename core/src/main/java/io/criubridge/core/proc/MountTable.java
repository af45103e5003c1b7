// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.proc;

import io.criubridge.core.sys.BytePath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All mounts that one process can reach, in the kernel's order. A path is looked up as the kernel
 * walks it, from the root through the mounts on its way, so that what another mount covers is never
 * found.
 */
public final class MountTable {

  /** Stands for the parent of all mounts whose parent is not in the table. */
  private static final int OUTSIDE = -1;

  private final List<MountInfo> mounts;
  private final Map<Place, MountInfo> mountedAt = new HashMap<>();

  /** Where a mount lies: the mount below it and the path. */
  private record Place(int parentId, BytePath mountPoint) {}

  private MountTable(List<MountInfo> mounts, Set<Integer> ids) {
    this.mounts = List.copyOf(mounts);
    for (MountInfo mount : this.mounts) {
      boolean outside = mount.parentId() == mount.id() || !ids.contains(mount.parentId());
      mountedAt.put(new Place(outside ? OUTSIDE : mount.parentId(), mount.mountPoint()), mount);
    }
  }

  /**
   * Reads the mounts of a process.
   *
   * <p>Seed: ReadMountInfo
   *
   * @throws ProcessGoneException if the process has exited
   * @throws ProcFormatException if a line is not as proc_pid_mountinfo(5) says
   */
  public static MountTable read(ProcFs procFs, int pid) throws IOException {
    return parse(procFs.path(pid, "mountinfo").toString(), procFs.read(pid, "mountinfo"));
  }

  /**
   * Parses the content of a {@code mountinfo} file.
   *
   * @throws ProcFormatException naming the line
   */
  public static MountTable parse(byte[] mountinfo) throws ProcFormatException {
    return parse("mountinfo", mountinfo);
  }

  private static MountTable parse(String file, byte[] content) throws ProcFormatException {
    List<MountInfo> mounts = new ArrayList<>();
    Set<Integer> ids = new HashSet<>();
    for (String line : ProcText.lines(content)) {
      MountInfo mount = new MountInfoLine(file, mounts.size() + 1, line).parse();
      mounts.add(mount);
      // Otherwise following parents might never end.
      if (!ids.add(mount.id())) {
        throw new ProcFormatException(file, mounts.size(), line, "mount id seen before");
      }
    }
    return new MountTable(mounts, ids);
  }

  /** All mounts, hidden ones too. */
  public List<MountInfo> mounts() {
    return mounts;
  }

  /**
   * The mount one sees at {@code /}: of several stacked there the topmost. Empty if the process's
   * root is not the root of a mount (after a plain {@code chroot}).
   */
  public Optional<MountInfo> root() {
    return visibleAt(BytePath.ROOT);
  }

  /** The topmost mount at exactly this path, if one can be reached there. */
  public Optional<MountInfo> visibleAt(BytePath mountPoint) {
    return owning(mountPoint).filter(mount -> mount.mountPoint().equals(mountPoint));
  }

  /**
   * The mount that a path lies on, symbolic links not followed: for a mount point the mount seen
   * there. Empty only where the root of the process lies on none of these mounts.
   */
  public Optional<MountInfo> owning(BytePath path) {
    Optional<MountInfo> current = topmost(Optional.empty(), BytePath.ROOT);
    BytePath walked = BytePath.ROOT;
    for (byte[] name : path.components()) {
      walked = walked.resolve(name);
      current = topmost(current, walked);
    }
    return current;
  }

  /** The mounts that lie directly on a mount, those stacked at its own mount point included. */
  public List<MountInfo> children(int id) {
    return mounts.stream().filter(m -> m.parentId() == id && m.id() != id).toList();
  }

  private Optional<MountInfo> topmost(Optional<MountInfo> below, BytePath mountPoint) {
    Optional<MountInfo> top = below;
    Optional<MountInfo> next = on(below, mountPoint);
    while (next.isPresent()) {
      top = next;
      next = on(top, mountPoint);
    }
    return top;
  }

  private Optional<MountInfo> on(Optional<MountInfo> below, BytePath mountPoint) {
    int parentId = below.map(MountInfo::id).orElse(OUTSIDE);
    return Optional.ofNullable(mountedAt.get(new Place(parentId, mountPoint)));
  }
}
