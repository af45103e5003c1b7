// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks;

import java.nio.file.Path;

/**
 * Another run is making a checkpoint in the image directory. What is there, its status file
 * included, is that run's: this one, which failed, has nothing to write or to remove there.
 */
public final class DirectoryInUse extends PhaseFailure {

  private static final long serialVersionUID = 1L;

  /** Makes the failure for an image directory. */
  public DirectoryInUse(Path directory) {
    super(
        CONFIG,
        directory + ": another checkpoint is being made there: give each a directory of its own");
  }
}
