// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.rpc;

import io.criubridge.hooks.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** CRIU has done what it was asked, and something failed after it. What CRIU has made is kept. */
public final class LateFailure extends IOException {

  private static final long serialVersionUID = 1L;

  private LateFailure(String done, Throwable cause) {
    super(done + ", but " + Reason.of(cause), cause);
  }

  /**
   * Of a dump; its container may not run any more, and the checkpoint be all that is left of it.
   */
  public static LateFailure ofDump(Path directory, Throwable cause) {
    return new LateFailure(
        "the checkpoint in " + directory.toAbsolutePath() + " is complete", cause);
  }

  /** Of a restore. */
  public static LateFailure ofRestore(Optional<Integer> pid, Throwable cause) {
    String root = pid.map(number -> " (pid " + number + ")").orElse("");
    return new LateFailure("the processes are restored and run" + root, cause);
  }
}
