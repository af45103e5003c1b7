// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.exchange;

import io.criubridge.core.checkpoint.CaptureLists;
import io.criubridge.core.checkpoint.CheckpointLayout;
import io.criubridge.core.rootfs.DeletedFiles;
import io.criubridge.core.rootfs.DiffSummary;
import io.criubridge.core.sys.BytePath;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What podman and CRI-O call deleted. Among it are directories that the container replaced, and
 * that their archive fills again: deleted when the archive is applied already, as podman does it,
 * they would go with what it brought. Here they are emptied before.
 *
 * @param deleted to be deleted after the archive is applied
 * @param replaced to be emptied before
 */
record EngineDeletions(List<BytePath> deleted, List<BytePath> replaced) {

  /** Copies the lists. */
  EngineDeletions {
    deleted = List.copyOf(deleted);
    replaced = List.copyOf(replaced);
  }

  static EngineDeletions read(CheckpointLayout layout) throws IOException {
    List<BytePath> all = DeletedFiles.read(layout.deletedFiles());
    Set<BytePath> filled = new HashSet<>();
    if (Files.exists(layout.rootfsDiff())) {
      Set<BytePath> named = new HashSet<>(all);
      DiffSummary.list(
          layout.rootfsDiff(),
          member -> {
            if (!member.deletes()) {
              addFilled(member.path(), named, filled);
            }
          });
    }
    return new EngineDeletions(
        all.stream().filter(path -> !filled.contains(path)).toList(),
        all.stream().filter(filled::contains).toList());
  }

  private static void addFilled(BytePath member, Set<BytePath> named, Set<BytePath> filled) {
    for (BytePath path = member; !path.isRoot(); path = path.parent()) {
      if (named.contains(path)) {
        filled.add(path);
      }
    }
  }

  /** Writes the lists in the place of the engine's. */
  void publish(CheckpointLayout layout) throws IOException {
    CaptureLists.of(deleted, replaced).publish(layout.directory());
  }
}
