// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

/** How a directory's content comes about. */
enum DiffRegion {
  /** Upper over lower. */
  LAYERED,
  /** Upper alone: a whiteout hides nothing. */
  OPAQUE,
  /** Upper over the lower content of another path: all of it differs. */
  RENAMED
}
