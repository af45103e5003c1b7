// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import io.criubridge.core.sys.BytePath;

/**
 * A path of the merged tree, and 64 bits that stand for it in tables of millions of paths.
 *
 * @param hash never 0
 */
record DiffPlace(BytePath path, long hash) {

  static final DiffPlace ROOT = new DiffPlace(BytePath.ROOT, 1);

  DiffPlace child(byte[] name) {
    return new DiffPlace(path.resolve(name), SecretHash.of(hash, name));
  }

  boolean isRoot() {
    return path.isRoot();
  }
}
