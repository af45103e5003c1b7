// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.container;

import java.io.IOException;
import java.nio.file.Path;

/** A file that a runtime left does not hold what it should. */
public final class ContainerFileException extends IOException {
  private static final long serialVersionUID = 1;

  /**
   * @param where the place in the file, such as {@code $.mounts[2].destination}
   */
  ContainerFileException(Path file, String where, String problem) {
    super(file + " at " + where + ": " + problem);
  }
}
