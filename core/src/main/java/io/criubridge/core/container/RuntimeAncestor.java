// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.container;

import io.criubridge.core.proc.ProcFs;
import io.criubridge.core.proc.ProcStat;
import io.criubridge.core.proc.ProcessDetails;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The runtime that called CRIU.
 *
 * @param pid the runtime's process
 * @param command what it was asked to do
 */
public record RuntimeAncestor(int pid, RuntimeCommand command) {

  /**
   * Looks for a runtime among the parents of a process, nearest first.
   *
   * @param criuPid the process to start at
   * @return empty if CRIU was called by someone else, by hand for instance
   * @throws io.criubridge.core.proc.ProcessGoneException if a process of the chain exited meanwhile
   */
  public static Optional<RuntimeAncestor> find(ProcFs procFs, int criuPid) throws IOException {
    int pid = ProcStat.read(procFs, criuPid).parentPid();
    while (pid > 1) {
      List<String> arguments = ProcessDetails.readCommandLine(procFs, pid);
      // Only a runtime is asked where it is: others may be more privileged than this program.
      if (RuntimeCommand.parse(arguments, Path.of("/")).isPresent()) {
        int runtime = pid;
        return RuntimeCommand.parse(arguments, procFs.link(pid, "cwd"))
            .map(command -> new RuntimeAncestor(runtime, command));
      }
      pid = ProcStat.read(procFs, pid).parentPid();
    }
    return Optional.empty();
  }
}
