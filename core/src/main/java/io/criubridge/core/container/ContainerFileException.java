// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.container;

import java.io.IOException;

/** A file or an answer of a runtime does not hold what it should. */
public final class ContainerFileException extends IOException {
  private static final long serialVersionUID = 1;

  /**
   * @param origin the file, or what the runtime was asked for
   * @param where the place in it, such as {@code $.mounts[2].destination}
   */
  ContainerFileException(String origin, String where, String problem) {
    super(origin + " at " + where + ": " + problem);
  }
}
