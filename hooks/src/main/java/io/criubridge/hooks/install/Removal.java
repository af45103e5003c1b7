// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.install;

import io.criubridge.core.sys.PublishedFile;
import io.criubridge.core.sys.Sha256;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Takes an installation away, or what there is of one, in the reverse order: first CRIU is told no
 * more of it. Afterwards the node is as before.
 */
public final class Removal {
  private static final Path RUNS = Path.of("/run/criu-bridge");

  private Removal() {}

  /**
   * Removes what the record of the node tells of.
   *
   * @param owner whose installation; one of another owner stays
   * @return what to tell the user
   * @throws InstallException if a CRIU run is under way that takes part
   */
  public static List<String> run(NodeRoot root, String owner) throws IOException {
    try (InstallLock lock = InstallLock.take(root)) {
      Optional<InstallRecord> record = InstallRecord.find(lock.root());
      if (record.isEmpty()) {
        return List.of("nothing is installed");
      }
      if (!record.get().owner().equals(owner)) {
        String other = record.get().owner();
        return List.of(
            "left as it is: it belongs to " + (other.isEmpty() ? "nobody" : "--owner " + other));
      }
      requireIdle(root);
      List<String> kept = undo(root, record.get());
      forget(root, record.get());
      return kept;
    }
  }

  private static void requireIdle(NodeRoot root) throws IOException {
    Path runs = root.followed(RUNS);
    if (!root.isThisMachine() || !Files.isDirectory(runs)) {
      return;
    }
    try (DirectoryStream<Path> names = Files.newDirectoryStream(runs)) {
      for (Path run : names) {
        String pid = run.getFileName().toString().replaceFirst("-.*", "");
        if (pid.matches("[0-9]{1,9}") && ProcessHandle.of(Long.parseLong(pid)).isPresent()) {
          throw new InstallException(
              "criu, PID " + pid + ", is in the middle of a run with criu-bridge; try again after");
        }
      }
    }
  }

  /** Undoes what the record tells of, but for directories; each part may be undone already. */
  static List<String> undo(NodeRoot root, InstallRecord record) throws IOException {
    List<String> kept = new ArrayList<>();
    for (Map.Entry<String, InstallRecord.ConfChange> conf : record.confs().entrySet()) {
      ConfFile.of(root, Path.of(conf.getKey())).revert(conf.getValue());
    }
    for (Map.Entry<String, String> link : record.links().entrySet()) {
      removeLink(root, link.getKey(), link.getValue());
    }
    for (Map.Entry<String, String> file : record.files().entrySet()) {
      removeFile(root, file.getKey(), file.getValue()).ifPresent(kept::add);
    }
    if (record.copied()) {
      Path place = root.followed(Path.of(record.program()));
      Path stage = place.resolveSibling("." + place.getFileName() + ".new");
      ProgramTree.remove(stage);
      ProgramTree.remove(place);
    }
    removeStale(root, record);
    return kept;
  }

  /** Removes the record itself, and the directories that it tells of. */
  private static void forget(NodeRoot root, InstallRecord record) throws IOException {
    InstallRecord.delete(root);
    Files.deleteIfExists(root.followed(InstallRecord.DIRECTORY.resolve("lock")));
    for (int i = record.directories().size() - 1; i >= 0; i--) {
      InstallLock.removeIfEmpty(root.followed(Path.of(record.directories().get(i))));
    }
  }

  /** What an installation that was killed has left under temporary names. */
  private static void removeStale(NodeRoot root, InstallRecord record) throws IOException {
    Set<String> written = new HashSet<>(record.links().keySet());
    written.addAll(record.files().keySet());
    written.addAll(record.confs().keySet());
    for (String path : written) {
      Path directory = NodeRoot.parent(root.followed(Path.of(path)));
      if (Files.isDirectory(directory)) {
        PublishedFile.removeStale(directory);
      }
    }
  }

  static void removeLink(NodeRoot root, String link, String target) throws IOException {
    Path place = root.entry(Path.of(link));
    if (Files.isSymbolicLink(place) && Files.readSymbolicLink(place).toString().equals(target)) {
      Files.delete(place);
      PublishedFile.sync(NodeRoot.parent(place));
    }
  }

  private static Optional<String> removeFile(NodeRoot root, String path, String sha256)
      throws IOException {
    Path file = root.followed(Path.of(path));
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    if (!Sha256.of(Files.readAllBytes(file)).equals(sha256)) {
      return Optional.of(file + ": kept, since it was edited");
    }
    Files.delete(file);
    return Optional.empty();
  }
}
