// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import java.util.Optional;

/**
 * How an archive is applied.
 *
 * @param existing what becomes of what is there
 * @param form what names mean; absent if the archive's bytes shall tell: one that is compressed is
 *     a layer, one that is not is a diff. Only containerd compresses a rootfs-diff.tar, and writes
 *     nothing but layers; podman, CRI-O, the Go snapshot agent and this project never do
 * @param mounted places whose members are left out, as what was to be seen there was a mount
 * @param limits what the archive may ask for
 * @param progress is told how far it got
 */
public record ApplyOptions(
    Existing existing,
    Optional<ArchiveForm> form,
    MountedPlaces mounted,
    ArchiveLimits limits,
    DiffProgress progress) {

  /** The form told by the bytes, nothing left out, the limits as usual. */
  public static ApplyOptions of(Existing existing) {
    return new ApplyOptions(
        existing, Optional.empty(), MountedPlaces.NONE, ArchiveLimits.DEFAULT, new DiffProgress());
  }
}
