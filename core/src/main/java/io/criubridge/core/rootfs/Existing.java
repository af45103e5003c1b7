// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

/** What becomes of something that is already there when an archive is applied. */
public enum Existing {
  /** The archive's version takes its place; a directory keeps what is in it. */
  REPLACE,
  /** It stays as it is, a directory's metadata too. */
  KEEP
}
