// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.ScopedRoot;
import java.io.IOException;
import java.util.List;

/** Directories that the container emptied, or replaced, before it filled them anew. */
public final class OpaqueDirectories {

  private OpaqueDirectories() {}

  /**
   * Removes what the image has in them; to be done before the archive is applied. One that is not
   * there is none to clear. Mounts, and the directories that lead to them, stay: overlayfs marks
   * every new directory opaque, also one that only holds a mount point.
   *
   * @throws IOException if the list holds the root, before anything is removed
   * @throws io.criubridge.core.sys.ErrnoException ELOOP if a parent is a link, EXDEV if the
   *     directory is a mount point or below one
   */
  public static void clear(List<BytePath> directories, ScopedRoot target) throws IOException {
    if (directories.contains(BytePath.ROOT)) {
      throw new IOException("the list of opaque directories holds the root");
    }
    for (BytePath directory : directories) {
      target.clear(directory);
    }
  }
}
