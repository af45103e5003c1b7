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
   * Removes what the image has in them, or in their place: a file or a link would be in the way of
   * what an archive of two passes has in the directory before it has the directory. To be done
   * before the archive is applied. One that is not there is none to clear. Mounts, and the
   * directories that lead to them, stay: overlayfs marks every new directory opaque, also one that
   * only holds a mount point.
   *
   * @throws IOException if the list holds the root, before anything is removed
   * @throws ApplyException naming the directory that failed (ELOOP if a parent is a link, EXDEV if
   *     it is a mount point or below one) and how many were cleared before
   */
  public static void clear(List<BytePath> directories, ScopedRoot target) throws IOException {
    if (directories.contains(BytePath.ROOT)) {
      throw new IOException("the list of opaque directories holds the root");
    }
    for (int done = 0; done < directories.size(); done++) {
      try {
        if (!target.clear(directories.get(done))) {
          target.remove(directories.get(done));
        }
      } catch (IOException e) {
        throw ApplyException.ofPath("clear", directories.get(done), done, e);
      }
    }
  }
}
