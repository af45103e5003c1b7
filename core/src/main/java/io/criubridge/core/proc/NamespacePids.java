// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.proc;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The PIDs of a process, from the proc file system's PID namespace inward. Unlike the namespaces
 * themselves they may be read of every process, whatever its privileges.
 *
 * <p>Source: {@code NSpid} in proc_pid_status(5)
 */
public final class NamespacePids {
  private static final String KEY = "NSpid";

  private NamespacePids() {}

  /**
   * Reads the PIDs of a process, at least one.
   *
   * @throws ProcessGoneException if the process has exited
   */
  public static List<Integer> read(ProcFs procFs, int pid) throws IOException {
    return parse(procFs.path(pid, "status").toString(), procFs.read(pid, "status"));
  }

  static List<Integer> parse(String file, byte[] content) throws ProcFormatException {
    StatusText status = new StatusText(file, content);
    List<Integer> pids = new ArrayList<>();
    try {
      for (String pid : status.words(KEY)) {
        pids.add(Integer.valueOf(pid));
      }
    } catch (NumberFormatException e) {
      throw status.malformed(KEY, "not a list of PIDs");
    }
    return pids;
  }
}
