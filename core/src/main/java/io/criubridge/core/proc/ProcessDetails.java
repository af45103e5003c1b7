// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.proc;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * One process, under all the names it has.
 *
 * <p>Source: proc_pid_status(5), proc_pid_cmdline(5), pid_namespaces(7)
 *
 * @param observedPid the PID as the proc file system read shows it
 * @param namespacePids the PIDs from the proc file system's PID namespace inward; one for each
 *     namespace, at least one
 * @param parentPid the parent as the proc file system shows it, 0 if it does not
 * @param state the state letter, see {@link ProcStat}
 * @param comm the command name, text as {@link io.criubridge.core.sys.BytePath#text()} has it
 * @param commandLine the arguments, text as above; empty for zombies and kernel threads
 * @param startTimeTicks when it started, in clock ticks since boot
 * @param pidNamespaceInode the innermost PID namespace it is in
 */
public record ProcessDetails(
    int observedPid,
    List<Integer> namespacePids,
    int parentPid,
    char state,
    String comm,
    List<String> commandLine,
    long startTimeTicks,
    long pidNamespaceInode) {

  public ProcessDetails {
    namespacePids = List.copyOf(namespacePids);
    commandLine = List.copyOf(commandLine);
  }

  /**
   * Reads a process, all of it from that very process, should its PID pass to another meanwhile.
   *
   * <p>Seed: ReadProcessDetails
   *
   * @throws ProcessGoneException if the process has exited
   */
  public static ProcessDetails read(ProcFs procFs, int pid) throws IOException {
    try (ProcEntry entry = ProcEntry.open(procFs, pid)) {
      ProcStat stat = ProcStat.parse(entry.name("stat"), entry.read("stat"));
      return new ProcessDetails(
          pid,
          NamespacePids.parse(entry.name("status"), entry.read("status")),
          stat.parentPid(),
          stat.state(),
          stat.comm(),
          commandLine(entry.read("cmdline")),
          stat.startTimeTicks(),
          entry.namespaceInode(NamespaceKind.PID));
    }
  }

  /**
   * Reads a process that may be gone by now; every other failure is thrown, unlike in the seed,
   * whose invented PIDs cannot be told from real ones.
   *
   * <p>Seed: ReadProcessDetailsOrDefault
   */
  public static Optional<ProcessDetails> readIfPresent(ProcFs procFs, int pid) throws IOException {
    try {
      return Optional.of(read(procFs, pid));
    } catch (ProcessGoneException e) {
      return Optional.empty();
    }
  }

  /**
   * Reads the arguments of a process, its program's name first.
   *
   * @throws ProcessGoneException if the process has exited
   */
  public static List<String> readCommandLine(ProcFs procFs, int pid) throws IOException {
    return commandLine(procFs.read(pid, "cmdline"));
  }

  private static List<String> commandLine(byte[] cmdline) {
    String raw = ProcText.raw(cmdline);
    if (raw.isEmpty()) {
      return List.of();
    }
    // A process may overwrite its arguments, so that the last NUL is missing.
    String body = raw.endsWith("\0") ? raw.substring(0, raw.length() - 1) : raw;
    return Arrays.stream(body.split("\0", -1)).map(ProcText::decode).toList();
  }

  /** The PID in the proc file system's own namespace. */
  public int outermostPid() {
    return namespacePids.get(0);
  }

  /** The PID in the process's own namespace, which is what the process sees. */
  public int innermostPid() {
    return namespacePids.get(namespacePids.size() - 1);
  }

  /** How many PID namespaces the process is in, counted from the proc file system's, at least 1. */
  public int namespaceDepth() {
    return namespacePids.size();
  }
}
