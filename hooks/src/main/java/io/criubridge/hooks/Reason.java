// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks;

import java.io.IOException;
import java.nio.file.FileSystemException;

/** What an exception says, in words for people. */
public final class Reason {

  private Reason() {}

  /** JDK file exceptions say the path only; their class is the reason. */
  public static String of(Throwable e) {
    String message = String.valueOf(e.getMessage());
    boolean pathOnly =
        (e instanceof FileSystemException file && file.getReason() == null)
            || !(e instanceof IOException);
    return pathOnly ? e.getClass().getSimpleName() + ": " + message : message;
  }
}
