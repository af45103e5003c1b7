// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.dump;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;

import io.criubridge.core.checkpoint.StreamRecord;
import io.criubridge.core.proc.MountInfo;
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
  private static final Pattern MOUNT_ID = Pattern.compile("^mnt_id:\\s*(\\d+)$", Pattern.MULTILINE);

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
      int mountId = mountId(pid, fd);
      if (target.mounts().mounts().stream().map(MountInfo::id).noneMatch(id -> id == mountId)) {
        long inode = (long) requireNonNull(Files.getAttribute(file, "unix:ino"));
        add(
            String.format("file[%x:%x]", mountId, inode),
            NAMES.get(fd),
            proc.link(pid, "fd/" + fd).toString());
      }
    } catch (ProcessGoneException | NoSuchFileException e) {
      // The process has ended or closed the file since: then CRIU will not meet it either.
      return;
    }
  }

  private void add(String key, String name, String path) {
    StreamRecord before = found.get(key);
    List<String> names = new ArrayList<>(before == null ? List.of() : before.names());
    if (!names.contains(name)) {
      names.add(name);
    }
    found.put(key, new StreamRecord(names, key, path));
  }

  private int mountId(int pid, int fd) throws IOException {
    String info = new String(proc.read(pid, "fdinfo/" + fd), US_ASCII);
    Matcher matcher = MOUNT_ID.matcher(info);
    if (!matcher.find()) {
      throw new IOException(proc.path(pid, "fdinfo/" + fd) + ": no mnt_id");
    }
    return Integer.parseInt(matcher.group(1));
  }
}
