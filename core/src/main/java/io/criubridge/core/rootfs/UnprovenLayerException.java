// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import io.criubridge.core.proc.MountInfo;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/** The directory behind an overlay's {@code upperdir} was not found. */
public final class UnprovenLayerException extends IOException {
  private static final long serialVersionUID = 1;

  UnprovenLayerException(MountInfo mount, InvalidPathException cause) {
    super("overlay at " + mount.mountPoint() + ": " + cause.getMessage(), cause);
  }

  UnprovenLayerException(Path upperDir, List<Path> baseDirs) {
    super(
        upperDir.isAbsolute()
            ? "overlay upperdir %s is not the container's writable layer here; was it mounted from"
                    .formatted(upperDir)
                + " another mount namespace?"
            : "overlay upperdir '%s' is relative and in none of the base directories %s; add the"
                    .formatted(upperDir, baseDirs)
                + " directory it was mounted from (the container engine's storage directory)");
  }

  private UnprovenLayerException(String message) {
    super(message);
  }

  static UnprovenLayerException ambiguous(Path upperDir, List<Path> bases) {
    return new UnprovenLayerException(
        "overlay upperdir '%s' is relative, and in each of %s there is one that may be it"
            .formatted(upperDir, bases));
  }
}
