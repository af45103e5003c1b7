// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.proc;

import io.criubridge.core.sys.ErrnoException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A file of a process could not be read; the message names the call, the file and the PID. */
public class ProcReadException extends IOException {
  private static final long serialVersionUID = 1;

  private final int pid;

  ProcReadException(String call, Path file, int pid, IOException cause) {
    super(call + " " + file + ": " + reason(cause) + " [pid=" + pid + "]", cause);
    this.pid = pid;
  }

  /** The process asked about, as the proc file system numbers it. */
  public int pid() {
    return pid;
  }

  private static String reason(IOException cause) {
    if (cause instanceof NoSuchFileException) {
      return "ENOENT";
    }
    if (cause instanceof ErrnoException failed) {
      return failed.reason();
    }
    if (cause instanceof AccessDeniedException) {
      return "EACCES";
    }
    String reason =
        cause instanceof FileSystemException file ? file.getReason() : cause.getMessage();
    return reason == null ? cause.getClass().getSimpleName() : reason;
  }
}
