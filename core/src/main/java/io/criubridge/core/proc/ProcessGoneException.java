// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.proc;

import java.io.IOException;
import java.nio.file.Path;

/** The process (or thread) asked about exists no more. */
public final class ProcessGoneException extends ProcReadException {
  private static final long serialVersionUID = 1;

  ProcessGoneException(String call, Path file, int pid, IOException cause) {
    super(call, file, pid, cause);
  }
}
