// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.container;

import io.criubridge.core.proc.ProcFs;
import io.criubridge.core.proc.ProcessDetails;
import java.io.IOException;
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
    int pid = ProcessDetails.read(procFs, criuPid).parentPid();
    while (pid > 1) {
      int found = pid;
      ProcessDetails process = ProcessDetails.read(procFs, pid);
      Optional<RuntimeAncestor> runtime =
          RuntimeCommand.parse(process.commandLine(), procFs.link(pid, "cwd"))
              .map(command -> new RuntimeAncestor(found, command));
      if (runtime.isPresent()) {
        return runtime;
      }
      pid = process.parentPid();
    }
    return Optional.empty();
  }
}
