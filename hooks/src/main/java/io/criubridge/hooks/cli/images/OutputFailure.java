// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.images;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The standard output takes no more of what a command prints. */
public final class OutputFailure extends UncheckedIOException {
  private static final long serialVersionUID = 1;
  private static final Path STANDARD_OUTPUT = Path.of("/proc/self/fd/1");
  private static final int TYPE = 0170000;
  private static final int PIPE = 0010000;

  OutputFailure() {
    super("the standard output takes no more", new IOException());
  }

  /** Whether the reader of a pipe has gone, as {@code head} does: nobody has to be told of that. */
  public boolean isOfPipe() {
    try {
      return ((int) Files.getAttribute(STANDARD_OUTPUT, "unix:mode") & TYPE) == PIPE;
    } catch (IOException e) {
      return false;
    }
  }
}
