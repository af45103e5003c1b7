// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.rpc;

import io.criubridge.core.checkpoint.CheckpointLayout;
import io.criubridge.core.sys.DirectoryLock;
import io.criubridge.core.sys.PublishedFile;
import io.criubridge.hooks.PhaseFailure;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The directory that a dump fills, which is its alone until it is closed. It begins empty, so that
 * no image of another dump is taken for one of this, and a dump that fails leaves none: CRIU's
 * images of a failed dump look complete.
 *
 * @param path the directory
 * @param made whether it was not there before
 * @param lock keeps others from making a checkpoint there
 */
record DumpDirectory(Path path, boolean made, DirectoryLock lock) implements AutoCloseable {

  /** CRIU's log, unless its options name another work directory. */
  static final String LOG = "dump.log";

  private static final Set<String> OF_A_FAILED_DUMP = Set.of(LOG, CheckpointLayout.STATUS);

  /**
   * Makes the directory, or takes one in which nothing is, or only what says why a dump failed, and
   * what one that was killed had not published.
   *
   * @throws PhaseFailure if something else is in it, or another checkpoint is being made there
   */
  static DumpDirectory claim(Path path) throws IOException {
    DumpDirectory directory = lock(path);
    try {
      List<String> names = directory.names();
      if (!names.stream().allMatch(DumpDirectory::isLeftBehind)) {
        throw new PhaseFailure(
            PhaseFailure.CONFIG,
            path + " is not empty: give a checkpoint a directory of its own, or empty this one");
      }
      directory.remove(names);
      return directory;
    } catch (IOException e) {
      directory.close();
      throw e;
    }
  }

  private static boolean isLeftBehind(String name) {
    return OF_A_FAILED_DUMP.contains(name) || PublishedFile.isTemporary(name);
  }

  /**
   * Locks what is at the path then: another dump that is given up removes the directory it made.
   */
  private static DumpDirectory lock(Path path) throws IOException {
    while (true) {
      boolean made = make(path);
      Optional<DirectoryLock> lock = DirectoryLock.tryLock(path);
      if (lock.isEmpty()) {
        throw new PhaseFailure(
            PhaseFailure.CONFIG,
            path + ": another checkpoint is being made there: give each a directory of its own");
      }
      if (lock.get().isAt(path)) {
        return new DumpDirectory(path, made, lock.get());
      }
      lock.get().close();
    }
  }

  private static boolean make(Path path) throws IOException {
    Path parent = path.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    try {
      Files.createDirectory(
          path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      return true;
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(path)) {
        throw new PhaseFailure(PhaseFailure.CONFIG, path + " is not a directory", e);
      }
      return false;
    }
  }

  /** Removes what a failed dump has left, but for CRIU's log and the status file. */
  void keepReasons() throws IOException {
    remove(names().stream().filter(name -> !OF_A_FAILED_DUMP.contains(name)).toList());
    removeIfMade();
  }

  /** Removes all that was made. */
  void abandon() throws IOException {
    remove(names());
    removeIfMade();
  }

  private void removeIfMade() throws IOException {
    if (made && names().isEmpty()) {
      Files.deleteIfExists(path);
    }
  }

  /** CRIU makes no directories here. */
  private void remove(List<String> names) throws IOException {
    for (String name : names) {
      Path file = path.resolve(name);
      if (!Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
        Files.deleteIfExists(file);
      }
    }
  }

  private List<String> names() throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
      entries.forEach(entry -> names.add(entry.getFileName().toString()));
    }
    return names;
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}
