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
 * @param directories paths from the hierarchy's root, with a leading slash, a parent before its
 *     children
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
    // The image has no leading slash, and an empty name for the hierarchy's root.
    entry.getDirsList().forEach(root -> open.add(Directory.below(ByteString.EMPTY, root)));
    List<ByteString> paths = new ArrayList<>();
    while (!open.isEmpty()) {
      Directory directory = open.remove();
      paths.add(directory.path.isEmpty() ? SLASH : directory.path);
      for (cgroup_dir_entry child : directory.entry.getChildrenList()) {
        open.add(Directory.below(directory.path, child));
      }
    }
    return new CgroupHierarchy(entry.getCnamesList(), paths);
  }

  /** The path of the hierarchy's root is empty here. */
  private record Directory(ByteString path, cgroup_dir_entry entry) {
    static Directory below(ByteString parent, cgroup_dir_entry entry) {
      ByteString name = entry.getDirNameBytes();
      return new Directory(
          name.isEmpty() || name.startsWith(SLASH)
              ? parent.concat(name)
              : parent.concat(SLASH).concat(name),
          entry);
    }
  }
}
