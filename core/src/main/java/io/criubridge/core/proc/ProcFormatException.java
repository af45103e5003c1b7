// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.proc;

import java.io.IOException;

/** A file of the proc file system does not read as its manual says. */
public final class ProcFormatException extends IOException {
  private static final long serialVersionUID = 1;

  private final int line;

  /**
   * @param line the line's number, from 1
   * @param text the line as it was read
   */
  ProcFormatException(String file, int line, String text, String problem) {
    super(file + " line " + line + ": " + problem + ": '" + ProcText.printable(text) + "'");
    this.line = line;
  }

  /** The number of the offending line, from 1. */
  public int line() {
    return line;
  }
}
