// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.images;

import io.criubridge.core.sys.PathExchange;
import io.criubridge.images.ImageType;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Objects;

/**
 * A checkpoint that takes the place of another, which it was made from a copy of. The other is
 * there until the new one is whole, and gone after.
 */
final class Replacement {
  private static final String PARENT = "parent";

  private final Path replaced;
  private final Path staged;

  private Replacement(Path replaced, Path staged) {
    this.replaced = replaced;
    this.staged = staged;
  }

  /**
   * Begins a replacement.
   *
   * @param source what the new checkpoint is made from, and is left alone with all it needs
   * @throws IOException if {@code target} is no checkpoint, or one that has to stay
   */
  static Replacement of(Path target, Path source) throws IOException {
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
    String name = "." + replaced.getFileName() + ".criu-bridge." + ProcessHandle.current().pid();
    return new Replacement(replaced, replaced.resolveSibling(name));
  }

  /** Where the new checkpoint is to be written. */
  Path staged() {
    return staged;
  }

  /** Puts the new checkpoint in place, and removes the other. */
  void publish() throws IOException {
    Path directory = Objects.requireNonNull(replaced.getParent());
    PathExchange.exchange(
        directory, String.valueOf(staged.getFileName()), String.valueOf(replaced.getFileName()));
    remove();
  }

  /** Removes what is under the temporary name, if anything is. */
  void remove() throws IOException {
    if (!Files.exists(staged, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(staged)) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
    Files.delete(staged);
  }
}
