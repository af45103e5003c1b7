// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images;

import com.google.protobuf.ByteString;
import io.criubridge.images.proto.cg_controller_entry;
import io.criubridge.images.proto.cgroup_dir_entry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The cgroup directories of a checkpoint in one hierarchy, which CRIU makes at restore where they
 * do not exist. Source: images/cgroup.proto, criu/cgroup.c.
 *
 * @param controllers the hierarchy's controllers, or {@code name=...}; one empty name for cgroup v2
 * @param directories paths from the hierarchy's root, a parent before its children
 */
public record CgroupHierarchy(List<String> controllers, List<ByteString> directories) {

  private static final ByteString SLASH = ByteString.copyFromUtf8("/");

  /** Keeps its own copies. */
  public CgroupHierarchy {
    controllers = List.copyOf(controllers);
    directories = List.copyOf(directories);
  }

  static CgroupHierarchy of(cg_controller_entry entry) {
    Deque<Directory> open = new ArrayDeque<>();
    entry.getDirsList().forEach(root -> open.add(new Directory(root.getDirNameBytes(), root)));
    List<ByteString> paths = new ArrayList<>();
    while (!open.isEmpty()) {
      Directory directory = open.remove();
      paths.add(directory.path);
      for (cgroup_dir_entry child : directory.entry.getChildrenList()) {
        open.add(new Directory(directory.path.concat(below(child.getDirNameBytes())), child));
      }
    }
    return new CgroupHierarchy(entry.getCnamesList(), paths);
  }

  private static ByteString below(ByteString name) {
    return name.startsWith(SLASH) ? name : SLASH.concat(name);
  }

  private record Directory(ByteString path, cgroup_dir_entry entry) {}
}
