// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.proc;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * The fields used of {@code /proc/PID/stat}.
 *
 * <p>Source: proc_pid_stat(5)
 *
 * @param pid the process, as the proc file system numbers it
 * @param comm the command name, at most 15 bytes of any kind, as {@link
 *     io.criubridge.core.sys.BytePath#text()} has them
 * @param state the state letter: {@code R}, {@code S}, {@code D}, {@code T}, {@code t}, {@code Z},
 *     {@code X} ...
 * @param parentPid the parent, 0 if it cannot be seen from the proc file system's PID namespace
 * @param startTimeTicks when the process started, in clock ticks since boot
 * @param exitStatus how the process ended, if it has; zero for a reader without ptrace rights
 */
public record ProcStat(
    int pid, String comm, char state, int parentPid, long startTimeTicks, WaitStatus exitStatus) {
  private static final int START_TIME = 22;

  /** The number of the first field after the name, by which the manual counts. */
  private static final int STATE = 3;

  /**
   * Reads the state of a process.
   *
   * @throws ProcessGoneException if the process has exited
   */
  public static ProcStat read(ProcFs procFs, int pid) throws IOException {
    return parse(procFs.path(pid, "stat").toString(), procFs.read(pid, "stat"));
  }

  /**
   * Parses the content of a {@code stat} file. The name may hold any bytes, brackets and newlines
   * among them: it ends at the last closing bracket. The exit status is the last field.
   *
   * <p>Seed: ParseProcExitCode
   *
   * @throws ProcFormatException if fields are missing or no numbers
   */
  public static ProcStat parse(byte[] stat) throws ProcFormatException {
    return parse("stat", stat);
  }

  /**
   * Makes sure that a process has not ended.
   *
   * <p>Seed: ValidateProcessState
   *
   * @throws ProcessGoneException if there is no such process
   * @throws DeadProcessException if it is a zombie or dead
   */
  public static void requireAlive(ProcFs procFs, int pid) throws IOException {
    ProcStat stat = read(procFs, pid);
    if (stat.hasEnded()) {
      throw new DeadProcessException(stat);
    }
  }

  /** Whether the process is a zombie or dead. */
  public boolean hasEnded() {
    return state == 'Z' || state == 'X' || state == 'x';
  }

  static ProcStat parse(String file, byte[] content) throws ProcFormatException {
    String raw = ProcText.raw(content);
    int open = raw.indexOf(" (");
    int close = raw.lastIndexOf(") ");
    if (open < 0 || close < open) {
      throw new ProcFormatException(file, 1, raw, "no command name");
    }
    List<String> fields = Arrays.asList(raw.substring(close + 2).trim().split(" "));
    if (fields.size() <= START_TIME - STATE || fields.get(0).length() != 1) {
      throw new ProcFormatException(file, 1, raw, "too few fields");
    }
    try {
      return new ProcStat(
          Integer.parseInt(raw.substring(0, open)),
          ProcText.decode(raw.substring(open + 2, close)),
          fields.get(0).charAt(0),
          Integer.parseInt(fields.get(1)),
          Long.parseLong(fields.get(START_TIME - STATE)),
          new WaitStatus(Integer.parseInt(fields.get(fields.size() - 1))));
    } catch (NumberFormatException e) {
      throw new ProcFormatException(file, 1, raw, "not a number");
    }
  }
}
