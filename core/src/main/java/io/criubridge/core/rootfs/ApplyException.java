// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import io.criubridge.core.sys.BytePath;
import java.io.IOException;

/** An entry of an archive that could not be put in place. */
public final class ApplyException extends IOException {
  private static final long serialVersionUID = 1L;

  private final long applied;

  ApplyException(BytePath entry, long applied, IOException cause) {
    super("apply " + entry + ", after " + applied + " entries: " + cause.getMessage(), cause);
    this.applied = applied;
  }

  /** How many entries had been put in place before. */
  public long applied() {
    return applied;
  }
}
