// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.exchange;

import io.criubridge.core.checkpoint.CheckpointLayout;
import io.criubridge.core.checkpoint.ManifestException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What criu-bridge put among CRIU's images when an engine dumped on a node that has it: a whole
 * checkpoint, more exact than the engine's own lists beside the images, which were made after the
 * freeze. Either may come first in the archive, so these files are kept apart until its end.
 */
final class EmbeddedCheckpoint {

  private static final Set<String> NAMES =
      Set.of(
          CheckpointLayout.MANIFEST,
          CheckpointLayout.ROOTFS_DIFF,
          CheckpointLayout.STALE_MEMBERS,
          CheckpointLayout.DELETED_FILES,
          CheckpointLayout.DELETED_FILES_JSON,
          CheckpointLayout.OPAQUE_DIRECTORIES,
          CheckpointLayout.IMAGE_LAYERS,
          CheckpointLayout.BIND_MOUNTS);

  /** No file of an archive has such a name. */
  private static final String APART = ".embedded";

  private final Path directory;
  private final StagedFiles apart;
  private final TreeSet<String> names = new TreeSet<>();

  /** One that is empty so far, for a directory of staged files. */
  EmbeddedCheckpoint(Path directory) {
    this.directory = directory;
    this.apart = new StagedFiles(directory.resolve(APART));
  }

  /** Whether a file among the images is none of CRIU's, but of a checkpoint of ours. */
  static boolean has(String name) {
    return NAMES.contains(name);
  }

  void add(String name, InputStream content) throws IOException {
    if (names.isEmpty()) {
      Files.createDirectory(apart.directory());
    }
    apart.add(name, content, ExchangeLayout.mostBytes(name));
    names.add(name);
  }

  /**
   * Puts the files, if there are any, in the place of the engine's.
   *
   * @return the names of the engine's files that gave way
   * @throws ManifestException if there is no manifest, without which they are no checkpoint
   */
  List<String> takeOver() throws IOException {
    if (names.isEmpty()) {
      return List.of();
    }
    if (!names.contains(CheckpointLayout.MANIFEST)) {
      throw new ManifestException(
          ExchangeLayout.IMAGES
              + names.first()
              + ": no engine names an image of CRIU so, and criu-bridge does only with a "
              + CheckpointLayout.MANIFEST
              + " beside it");
    }
    List<String> replaced = new ArrayList<>();
    for (String name : NAMES) {
      if (Files.deleteIfExists(directory.resolve(name))) {
        replaced.add(name);
      }
    }
    for (String name : names) {
      Files.move(apart.directory().resolve(name), directory.resolve(name));
    }
    Files.delete(apart.directory());
    return replaced;
  }
}
