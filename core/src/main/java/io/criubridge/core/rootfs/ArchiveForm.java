// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

/** What the names in an archive mean. */
public enum ArchiveForm {

  /**
   * A difference as {@link RootfsDiff#capture}, podman and CRI-O write it: every name is a file's,
   * {@code .wh.x} too. Deletions are told beside the archive, see {@link DeletedFiles}.
   */
  DIFF,

  /**
   * A layer of an OCI image, as containerd writes its rootfs-diff.tar: an empty file {@code .wh.x}
   * stands for the deletion of {@code x}, and {@code .wh..wh..opq} for that of all that a directory
   * has from layers below. Source: OCI image-spec, layer.md, "Whiteouts".
   */
  LAYER;

  /** The form of an archive of which nothing is known but its bytes. */
  static ArchiveForm of(Compression compression) {
    return compression == Compression.NONE ? DIFF : LAYER;
  }
}
