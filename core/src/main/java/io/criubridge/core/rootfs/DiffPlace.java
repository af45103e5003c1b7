// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import io.criubridge.core.sys.BytePath;
import org.jspecify.annotations.Nullable;

/**
 * A path of the merged tree, and 64 bits that stand for it in tables of millions of paths. The path
 * itself is put together when it is asked for: of most files that have not changed nobody does.
 * Threads may share a place: at worst each of them puts the same path together.
 */
final class DiffPlace {

  static final DiffPlace ROOT = new DiffPlace(BytePath.ROOT, 1);

  private final BytePath above;
  private final byte[] name;
  private final long hash;
  private @Nullable BytePath path;

  /**
   * A place whose path is known.
   *
   * @param hash never 0
   */
  DiffPlace(BytePath path, long hash) {
    this(path, new byte[0], hash);
    this.path = path;
  }

  private DiffPlace(BytePath above, byte[] name, long hash) {
    this.above = above;
    this.name = name;
    this.hash = hash;
  }

  /** The place of a name in this directory. */
  DiffPlace child(byte[] childName) {
    return new DiffPlace(path(), childName, SecretHash.of(hash, childName));
  }

  BytePath path() {
    BytePath known = path;
    if (known == null) {
      known = above.resolve(name);
      path = known;
    }
    return known;
  }

  /** Stands for the path; never 0. */
  long hash() {
    return hash;
  }

  boolean isRoot() {
    return path().isRoot();
  }
}
