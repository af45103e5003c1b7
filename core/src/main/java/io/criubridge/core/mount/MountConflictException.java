// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.mount;

import io.criubridge.core.proc.MountInfo;
import java.io.IOException;

/** Two mounts at one place that CRIU would have to treat differently, which it cannot. */
public final class MountConflictException extends IOException {

  private static final long serialVersionUID = 1L;

  MountConflictException(MountInfo visible, MountInfo hidden) {
    super(
        String.format(
            "%s: the container's own %s covers a mount of the host (%s), and CRIU knows mounts by their"
                + " place only: it would take both for the host's and lose the former's content;"
                + " unmount one of them",
            visible.mountPoint(), visible.fsType(), hidden.fsType()));
  }
}
