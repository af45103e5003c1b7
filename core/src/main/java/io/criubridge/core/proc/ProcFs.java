// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.proc;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A proc file system: the host's at {@code /proc}, the same bound elsewhere (a pod's {@code
 * /host/proc}), or a recorded tree. All PIDs are those that this proc file system shows.
 *
 * @param root the directory with one entry per process
 */
public record ProcFs(Path root) {

  /** The proc file system of the mount namespace this program runs in. */
  public static final ProcFs HOST = new ProcFs(Path.of("/proc"));

  /**
   * Where pods that act on their node have the host's proc file system mounted, by convention.
   *
   * <p>Seed: HostProcPath
   */
  public static final Path HOST_PROC_PATH = Path.of("/host/proc");

  private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,8}");

  /** The path of one file of a process, such as {@code stat} or {@code ns/net}. */
  public Path path(int pid, String file) {
    return root.resolve(Integer.toString(pid)).resolve(file);
  }

  /**
   * Reads one file of a process whole.
   *
   * @throws ProcessGoneException if the process (for {@code task/TID/...} the thread) has exited
   * @throws ProcReadException if the file cannot be read for another reason
   */
  public byte[] read(int pid, String file) throws ProcReadException {
    Path path = path(pid, file);
    try {
      return Files.readAllBytes(path);
    } catch (IOException e) {
      throw failure("read", path, pid, e);
    }
  }

  /**
   * Reads one symbolic link of a process, such as {@code cwd} or {@code ns/pid}, without following
   * it.
   *
   * @throws ProcessGoneException if the process has exited
   * @throws ProcReadException if the link cannot be read for another reason
   */
  public Path link(int pid, String file) throws ProcReadException {
    Path path = path(pid, file);
    try {
      return Files.readSymbolicLink(path);
    } catch (IOException e) {
      throw failure("readlink", path, pid, e);
    }
  }

  /** Lists all processes, in ascending order. */
  public List<Integer> pids() throws IOException {
    return numbers(root);
  }

  /**
   * Lists the threads of a process, in ascending order.
   *
   * @throws ProcessGoneException if the process has exited
   */
  public List<Integer> threads(int pid) throws ProcReadException {
    Path tasks = path(pid, "task");
    try {
      return numbers(tasks);
    } catch (IOException e) {
      throw failure("readdir", tasks, pid, e);
    }
  }

  private static List<Integer> numbers(Path directory) throws IOException {
    List<Integer> numbers = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        if (NUMBER.matcher(name).matches()) {
          numbers.add(Integer.valueOf(name));
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    Collections.sort(numbers);
    return List.copyOf(numbers);
  }

  /**
   * A process that dies between opening and reading gives ESRCH, before that ENOENT; both leave no
   * directory, which a file that merely does not exist on this kernel does.
   */
  private static ProcReadException failure(String call, Path path, int pid, IOException e) {
    return Files.notExists(path.resolveSibling(""), LinkOption.NOFOLLOW_LINKS)
        ? new ProcessGoneException(call, path, pid, e)
        : new ProcReadException(call, path, pid, e);
  }
}
