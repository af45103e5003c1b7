// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.checkpoint;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.ScopedRoot;
import java.io.IOException;

/**
 * The file by which a container learns that it has been restored: {@code restore-complete} in its
 * control directory, with the content {@code done} and mode 0644.
 */
public final class ControlSentinel {

  private static final String NAME = "restore-complete";
  private static final String CONTENT = "done\n";

  private ControlSentinel() {}

  /**
   * Writes the sentinel, whole or not at all; a link that the workload has put in its place is
   * replaced, never followed. Seed: WriteControlSentinel.
   *
   * @param root the container's root
   * @param directory the control directory in it
   * @throws IOException naming the path, if the directory is missing or cannot be written
   */
  public static void write(ScopedRoot root, BytePath directory) throws IOException {
    root.replaceFile(path(directory), CONTENT.getBytes(US_ASCII), 0644);
  }

  /**
   * Removes the sentinel of an earlier restore; none there is fine. The directory is found as for
   * writing: {@code /var/run} is a link in most images.
   *
   * @throws IOException naming the path
   */
  public static void remove(ScopedRoot root, BytePath directory) throws IOException {
    root.removeFile(path(directory));
  }

  private static BytePath path(BytePath directory) {
    return directory.resolve(NAME.getBytes(US_ASCII));
  }
}
