// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.install;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Keeps two installations of one node apart. Its directory is that of the record. */
final class InstallLock implements AutoCloseable {
  private static final Path FILE = InstallRecord.DIRECTORY.resolve("lock");

  private final NodeRoot root;
  private final FileChannel channel;
  private final List<String> made;

  private InstallLock(NodeRoot root, FileChannel channel, List<String> made) {
    this.root = root;
    this.channel = channel;
    this.made = made;
  }

  /**
   * Takes the lock.
   *
   * @throws InstallException if somebody has it
   */
  static InstallLock take(NodeRoot root) throws IOException {
    List<String> made = InstallPlan.missingAbove(root, FILE);
    Path file = root.followed(FILE);
    Installation.makeDirectory(NodeRoot.parent(file));
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = channel.tryLock();
    if (lock == null) {
      channel.close();
      throw new InstallException(file + ": another installation or removal is under way");
    }
    return new InstallLock(root, channel, made);
  }

  NodeRoot root() {
    return root;
  }

  /** The record, with the directories that were made for this lock. */
  InstallRecord withDirectories(InstallRecord record) {
    Set<String> all = new LinkedHashSet<>(made);
    all.addAll(record.directories());
    return new InstallRecord(
        record.format(),
        record.complete(),
        record.version(),
        record.owner(),
        record.prefix(),
        record.program(),
        record.copied(),
        record.digest(),
        new ArrayList<>(all),
        record.links(),
        record.files(),
        record.confs());
  }

  /** Leaves no trace if there is no installation. */
  @Override
  public void close() throws IOException {
    if (InstallRecord.find(root).isEmpty()) {
      Files.deleteIfExists(root.followed(FILE));
      for (int i = made.size() - 1; i >= 0; i--) {
        removeIfEmpty(root.followed(Path.of(made.get(i))));
      }
    }
    channel.close();
  }

  static void removeIfEmpty(Path directory) throws IOException {
    try {
      Files.deleteIfExists(directory);
    } catch (DirectoryNotEmptyException e) {
      // others have put something there: theirs to remove
    }
  }
}
