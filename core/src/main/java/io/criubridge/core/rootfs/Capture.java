// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import io.criubridge.core.sys.BytePath;
import java.util.List;

/**
 * What a capture found and wrote.
 *
 * @param entries members of the archive that make the tree, the root among them
 * @param bytes length of the archive
 * @param deleted what the lower layers, or stale members, have and the container no longer shows; a
 *     directory stands for all that is in it
 * @param opaque directories of which nothing in the lower layers shows through; of nested ones only
 *     the outermost
 * @param skippedSockets Unix sockets, which an archive cannot hold
 * @param sha256 digest of the archive, lower case hexadecimal
 * @param stale members of the archive that are no part of the tree; none of a single pass
 */
public record Capture(
    long entries,
    long bytes,
    List<BytePath> deleted,
    List<BytePath> opaque,
    List<BytePath> skippedSockets,
    String sha256,
    StaleMembers stale) {

  /** Copies its lists. */
  public Capture {
    deleted = List.copyOf(deleted);
    opaque = List.copyOf(opaque);
    skippedSockets = List.copyOf(skippedSockets);
  }
}
