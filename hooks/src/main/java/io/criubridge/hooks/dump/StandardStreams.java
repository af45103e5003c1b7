// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.dump;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;

import io.criubridge.core.checkpoint.StreamRecord;
import io.criubridge.core.proc.ProcFs;
import io.criubridge.core.proc.ProcessGoneException;
import io.criubridge.core.process.ProcessTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds standard streams that are files of the host, as with {@code runc run -d >log}: CRIU cannot
 * dump a file whose mount is not in the container ("Can't lookup mount"), unless it is external.
 */
final class StandardStreams {

  private static final List<String> NAMES = List.of("stdin", "stdout", "stderr");

  /** Source: proc_pid_fdinfo(5). */
  private static final Pattern MOUNT_ID = field("mnt_id");

  private static final Pattern FLAGS = field("flags");
  private static final Pattern OFFSET = field("pos");

  private static Pattern field(String name) {
    return Pattern.compile("^" + name + ":\\s*(\\d+)$", Pattern.MULTILINE);
  }

  private final ProcFs proc;
  private final DumpTarget target;

  /** By external key: the stream's names and its path. */
  private final Map<String, StreamRecord> found = new LinkedHashMap<>();

  private StandardStreams(ProcFs proc, DumpTarget target) {
    this.proc = proc;
    this.target = target;
  }

  static List<StreamRecord> find(ProcFs proc, DumpTarget target) throws IOException {
    if (!target.ownMounts()) {
      return List.of();
    }
    StandardStreams streams = new StandardStreams(proc, target);
    for (int pid : ProcessTree.pids(proc, target.init().pid())) {
      for (int fd = 0; fd < NAMES.size(); fd++) {
        streams.look(pid, fd);
      }
    }
    return List.copyOf(streams.found.values());
  }

  private void look(int pid, int fd) throws IOException {
    Path file = proc.path(pid, "fd/" + fd);
    try {
      if (!Files.isRegularFile(file)) {
        return;
      }
      String info = new String(proc.read(pid, "fdinfo/" + fd), US_ASCII);
      int mountId = (int) number(MOUNT_ID, 10, info);
      if (isOnHost(mountId)) {
        long inode = (long) requireNonNull(Files.getAttribute(file, "unix:ino"));
        add(
            new StreamRecord(
                List.of(NAMES.get(fd)),
                String.format("file[%x:%x]", mountId, inode),
                proc.link(pid, "fd/" + fd).toString(),
                (int) number(FLAGS, 8, info) & StreamRecord.FLAGS,
                number(OFFSET, 10, info)));
      }
    } catch (ProcessGoneException | NoSuchFileException e) {
      // The process has ended or closed the file since: then CRIU will not meet it either.
      return;
    }
  }

  /**
   * Whether a mount is one that the host itself has. A file of another mount namespace that a
   * workload has made, or of none (memfd), has a path that means nothing on the host, or some other
   * file there.
   */
  private boolean isOnHost(int mountId) {
    return target.hostMounts().mounts().stream().anyMatch(mount -> mount.id() == mountId)
        && target.mounts().mounts().stream().noneMatch(mount -> mount.id() == mountId);
  }

  private void add(StreamRecord stream) {
    found.merge(stream.key(), stream, StandardStreams::withAllNames);
  }

  private static StreamRecord withAllNames(StreamRecord one, StreamRecord other) {
    List<String> names = new ArrayList<>(one.names());
    other.names().stream().filter(name -> !names.contains(name)).forEach(names::add);
    return new StreamRecord(names, one.key(), one.path(), one.flags(), one.offset());
  }

  private static long number(Pattern pattern, int radix, String info) throws IOException {
    Matcher matcher = pattern.matcher(info);
    if (!matcher.find()) {
      throw new IOException("fdinfo without " + pattern + ": " + info);
    }
    return Long.parseLong(matcher.group(1), radix);
  }
}
