// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.proc;

import java.io.IOException;

/**
 * Whose files a process makes and may open: what the kernel checks instead of the effective user.
 *
 * <p>Source: the fourth numbers of {@code Uid} and {@code Gid} in proc_pid_status(5)
 *
 * @param uid as the reader's user namespace shows it, unsigned 32 bits
 * @param gid likewise
 */
public record FilesystemIds(long uid, long gid) {
  private static final int NUMBERS = 4;
  private static final long HIGHEST = 0xFFFF_FFFFL;

  /**
   * Reads the ids of a process.
   *
   * <p>Seed: ReadProcessFilesystemIDs
   *
   * @throws ProcessGoneException if the process has exited
   * @throws ProcFormatException if the file does not name them
   */
  public static FilesystemIds read(ProcFs procFs, int pid) throws IOException {
    return parse(procFs.path(pid, "status").toString(), procFs.read(pid, "status"));
  }

  static FilesystemIds parse(String file, byte[] content) throws ProcFormatException {
    StatusText status = new StatusText(file, content);
    return new FilesystemIds(last(status, "Uid"), last(status, "Gid"));
  }

  private static long last(StatusText status, String key) throws ProcFormatException {
    String[] numbers = status.words(key);
    try {
      long id = Long.parseLong(numbers[numbers.length - 1]);
      if (numbers.length == NUMBERS && id >= 0 && id <= HIGHEST) {
        return id;
      }
    } catch (NumberFormatException e) {
      // As for every other value that is none.
    }
    throw status.malformed(key, "not four user or group numbers");
  }
}
