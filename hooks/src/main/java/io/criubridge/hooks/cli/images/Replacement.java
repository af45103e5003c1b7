// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.images;

import io.criubridge.images.ImageType;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * Proves that a directory may be replaced by an edited checkpoint: that it is a copy, made before,
 * of what is edited.
 */
final class Replacement {
  private static final String PARENT = "parent";

  private Replacement() {}

  /**
   * Looks at what is to be replaced.
   *
   * @param source what the new checkpoint is made from, and is left alone with all it needs
   * @throws IOException if {@code target} is no checkpoint, or one that has to stay
   */
  static void requireAllowed(Path target, Path source) throws IOException {
    Path replaced = target.toRealPath();
    Path needed = source;
    for (int i = 0; i < 1024 && Files.exists(needed); i++) {
      if (needed.toRealPath().equals(replaced)) {
        throw new IOException(
            target + ": is the checkpoint that is edited, or one it is an increment to: it stays");
      }
      needed = needed.resolve(PARENT);
    }
    if (!Files.isRegularFile(replaced.resolve(ImageType.INVENTORY.fileName().name()))) {
      throw new IOException(target + ": holds no images: only a checkpoint is replaced");
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(replaced)) {
      for (Path file : files) {
        boolean isParent = Files.isSymbolicLink(file) && file.endsWith(PARENT);
        if (!isParent && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
          throw new IOException(file + ": is no file of a checkpoint: move it away first");
        }
      }
    }
  }
}
