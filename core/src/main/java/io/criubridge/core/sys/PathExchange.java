// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.sys;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;

/** Two names in one directory of the host that change places in one step. */
public final class PathExchange {
  private PathExchange() {}

  /**
   * Exchanges what two names are of, and waits for the disk.
   *
   * @param directory that has both names
   * @throws ErrnoException EINVAL if the file system cannot, ENOENT if one of them is not there
   */
  public static void exchange(Path directory, String one, String other) throws IOException {
    byte[] name = one.getBytes(UTF_8);
    byte[] otherName = other.getBytes(UTF_8);
    try (Fd parent = Syscalls.open(directory, Syscalls.O_PATH | Syscalls.O_DIRECTORY)) {
      Syscalls.renameat2(parent, name, parent, otherName, Syscalls.RENAME_EXCHANGE);
    }
    PublishedFile.sync(directory);
  }
}
