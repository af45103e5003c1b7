// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.rootfs;

import io.criubridge.core.checkpoint.CheckpointLayout;
import io.criubridge.core.rootfs.DeletedFiles;
import io.criubridge.core.sys.BytePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What a checkpoint tells beside the archive; a list that is not there is empty. */
public record DiffLists(List<BytePath> opaque, List<BytePath> deleted) {

  /** Copies the lists. */
  public DiffLists {
    opaque = List.copyOf(opaque);
    deleted = List.copyOf(deleted);
  }

  /**
   * Reads the lists of any tool: the relative one, and podman's and CRI-O's.
   *
   * @param wanted tells by a file's name whether it is to be read
   */
  public static DiffLists read(CheckpointLayout layout, Predicate<String> wanted)
      throws IOException {
    List<BytePath> deleted =
        Stream.concat(
                list(layout, CheckpointLayout.DELETED_FILES_JSON, wanted).stream(),
                list(layout, CheckpointLayout.DELETED_FILES, wanted).stream())
            .distinct()
            .toList();
    return new DiffLists(list(layout, CheckpointLayout.OPAQUE_DIRECTORIES, wanted), deleted);
  }

  private static List<BytePath> list(CheckpointLayout layout, String name, Predicate<String> wanted)
      throws IOException {
    Path file = layout.directory().resolve(name);
    return wanted.test(name) && Files.exists(file) ? DeletedFiles.read(file) : List.of();
  }
}
