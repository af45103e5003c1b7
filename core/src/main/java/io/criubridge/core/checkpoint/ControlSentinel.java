// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.checkpoint;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.ScopedRoot;
import java.io.IOException;

/**
 * A file by which a container learns what was done with it, in its control directory, with the
 * content {@code done} and a newline, mode 0644.
 */
public final class ControlSentinel {

  /** The container has been restored. */
  public static final String RESTORE_COMPLETE = "restore-complete";

  private static final String CONTENT = "done\n";

  private ControlSentinel() {}

  /**
   * Writes a sentinel, whole or not at all; a link that the workload has put in its place is
   * replaced, never followed.
   *
   * <p>Seed: WriteControlSentinel
   *
   * @param root the container's root
   * @param directory the control directory in it
   * @param name the file's name, such as {@link #RESTORE_COMPLETE}
   * @throws IOException naming the path, if the directory is missing or cannot be written
   * @throws IllegalArgumentException if the name is no name of a file
   */
  public static void write(ScopedRoot root, BytePath directory, String name) throws IOException {
    root.replaceFile(path(directory, name), CONTENT.getBytes(US_ASCII), 0644);
  }

  /**
   * Removes a sentinel, say of an earlier restore. The directory is found as for writing: {@code
   * /var/run} is a link in most images.
   *
   * <p>Seed: RemoveControlSentinel
   *
   * @return false if there was none, nor perhaps a directory
   * @throws IOException naming the path
   * @throws IllegalArgumentException if the name is no name of a file
   */
  public static boolean remove(ScopedRoot root, BytePath directory, String name)
      throws IOException {
    return root.removeFile(path(directory, name));
  }

  private static BytePath path(BytePath directory, String name) {
    return directory.resolve(name.getBytes(US_ASCII));
  }
}
