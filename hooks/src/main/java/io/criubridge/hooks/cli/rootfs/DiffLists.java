// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.rootfs;

import io.criubridge.core.checkpoint.CheckpointLayout;
import io.criubridge.core.rootfs.DeletedFiles;
import io.criubridge.core.sys.BytePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What a checkpoint tells beside the archive; a list that is not there is empty. */
record DiffLists(List<BytePath> opaque, List<BytePath> deleted) {

  /** Reads the lists of any tool: the relative one, and podman's and CRI-O's. */
  static DiffLists read(CheckpointLayout layout) throws IOException {
    List<BytePath> deleted =
        Stream.concat(
                list(layout.deletedFilesJson()).stream(), list(layout.deletedFiles()).stream())
            .distinct()
            .toList();
    return new DiffLists(list(layout.opaqueDirectories()), deleted);
  }

  private static List<BytePath> list(Path file) throws IOException {
    return Files.exists(file) ? DeletedFiles.read(file) : List.of();
  }
}
