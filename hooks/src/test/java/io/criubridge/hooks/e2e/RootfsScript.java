// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Scripts of bash around {@code $BRIDGE rootfs}, each in a mount namespace of its own, with which
 * its mounts and loop devices end. In the directory is an overlay: {@code lower}, {@code upper} and
 * {@code merged}.
 */
record RootfsScript(Path directory) {

  private static final String OVERLAY =
      """
      mount --make-rprivate /; mkdir -p lower upper work merged out target
      mount -t overlay test -o lowerdir=lower,upperdir=upper,workdir=work merged
      capture() { "$@" "$BRIDGE" rootfs capture --upper upper --merged merged --out out; }
      apply() { "$@" "$BRIDGE" rootfs apply --checkpoint out --root target; }
      """;

  /** What a script printed, errors too, and its exit code. */
  record Ran(int exit, String output) {
    String ok() {
      if (exit != 0) {
        throw new AssertionError(exit + ": " + output);
      }
      return output;
    }
  }

  Ran run(String script) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder("unshare", "-m", "bash", "-euo", "pipefail", "-c", OVERLAY + script);
    builder.environment().put("BRIDGE", BridgeCommand.PROGRAM);
    builder.environment().put("LC_ALL", "C");
    Process process = builder.directory(directory.toFile()).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Ran(process.waitFor(), output);
  }
}
