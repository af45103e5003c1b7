// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import io.criubridge.core.sys.BytePath;
import java.util.Optional;

/**
 * What the name of an empty file means in an OCI layer, or in the upper directory of AUFS. Nowhere
 * else: any workload can make such files. Source: OCI image-spec, layer.md; AUFS manual, aufs(5).
 *
 * @param kind what it asks for
 * @param path what is deleted, or the directory that is opaque, or the file itself
 */
record WhiteoutName(Kind kind, BytePath path) {

  /** What a name asks for. */
  enum Kind {
    /** What has the rest of the name is deleted. */
    DELETED,
    /** What the layers below have in the directory is deleted. */
    OPAQUE,
    /** A note of AUFS for itself, no file of the tree. */
    INTERNAL
  }

  private static final String PREFIX = ".wh.";
  private static final String INTERNAL_PREFIX = ".wh..wh.";
  private static final String OPAQUE_NAME = ".wh..wh..opq";

  /**
   * Reads a file's name; absent if it is an ordinary one.
   *
   * @throws IllegalArgumentException if it stands for no name that a file can have: taken at its
   *     word, {@code .wh..} would delete a directory with all that is in it, and {@code .wh...} the
   *     one above
   */
  static Optional<WhiteoutName> of(BytePath file) {
    String name = PaxRecords.text(file.name());
    if (!name.startsWith(PREFIX)) {
      return Optional.empty();
    }
    if (name.equals(OPAQUE_NAME)) {
      return Optional.of(new WhiteoutName(Kind.OPAQUE, file.parent()));
    }
    if (name.startsWith(INTERNAL_PREFIX)) {
      return Optional.of(new WhiteoutName(Kind.INTERNAL, file));
    }
    byte[] deleted = PaxRecords.bytes(name.substring(PREFIX.length()));
    return Optional.of(new WhiteoutName(Kind.DELETED, file.parent().resolve(deleted)));
  }

  /** As {@link #of}, the file named where it stands for nothing. */
  static Optional<WhiteoutName> ofChecked(BytePath file) throws TarFormatException {
    try {
      return of(file);
    } catch (IllegalArgumentException e) {
      String name = PaxRecords.text(file.relativeBytes());
      throw new TarFormatException(name, "whiteout of " + e.getMessage());
    }
  }
}
