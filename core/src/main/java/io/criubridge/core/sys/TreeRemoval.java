// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.sys;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Removes trees below a root, strictly. It first looks at every directory, so that a mount is known
 * before anything is gone. Of what it saw it holds the directories and mounts alone, and reads each
 * directory again to remove what is in it, since that may be millions of files.
 */
final class TreeRemoval {

  private static final byte[] TOP = {};

  private final ScopedRoot root;
  private final Predicate<BytePath> spared;
  private final byte[] buffer;
  private final List<Directory> directories = new ArrayList<>();
  private final Set<BytePath> mountPoints = new LinkedHashSet<>();

  /** The mount points, and all above them. */
  private final Set<BytePath> leadToMounts = new HashSet<>();

  TreeRemoval(ScopedRoot root, Predicate<BytePath> spared) {
    this(root, spared, DirectoryNames.BUFFER);
  }

  /**
   * As a removal that takes directories in other parts.
   *
   * @param partSize bytes of names read at once; the longest takes 280
   */
  TreeRemoval(ScopedRoot root, Predicate<BytePath> spared, int partSize) {
    this.root = root;
    this.spared = spared;
    this.buffer = new byte[partSize];
  }

  /** A directory of the tree, without the path to it, which takes more than the rest. */
  private static final class Directory {
    private final @Nullable Directory above;
    private final byte[] name;

    Directory(@Nullable Directory above, byte[] name) {
      this.above = above;
      this.name = name;
    }

    BytePath path(BytePath top) {
      ArrayDeque<byte[]> names = new ArrayDeque<>();
      for (Directory part = this; part != null; part = part.above) {
        names.addFirst(part.name);
      }
      ByteArrayOutputStream path = new ByteArrayOutputStream();
      path.writeBytes(top.bytes());
      for (byte[] each : names) {
        path.write('/');
        path.writeBytes(each);
      }
      return BytePath.of(path.toByteArray());
    }
  }

  /** What is done with an entry of a directory. */
  @FunctionalInterface
  private interface Step {
    void take(Fd dir, byte[] name, FileStat stat) throws IOException;
  }

  boolean remove(BytePath path) throws IOException {
    Optional<FileType> type = typeOf(path);
    if (type.isEmpty()) {
      return false;
    }
    if (type.get() == FileType.DIRECTORY) {
      survey(path);
      requireNoMounts(path);
      removeContents(path);
      requireNoMounts(path);
    }
    try (Fd parent = root.openStrict(path.parent())) {
      Syscalls.unlinkat(parent, path.name(), unlinkFlags(type.get()));
    }
    return true;
  }

  boolean clear(BytePath path) throws IOException {
    if (!typeOf(path).equals(Optional.of(FileType.DIRECTORY))) {
      return false;
    }
    survey(path);
    removeContents(path);
    return true;
  }

  private Optional<FileType> typeOf(BytePath path) throws IOException {
    Optional<Fd> found = root.findStrict(path);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    try (Fd fd = found.get()) {
      return Optional.of(Syscalls.fstat(fd).type());
    }
  }

  private static int unlinkFlags(FileType type) {
    return type == FileType.DIRECTORY ? Syscalls.AT_REMOVEDIR : 0;
  }

  private void requireNoMounts(BytePath path) throws ErrnoException {
    if (!mountPoints.isEmpty()) {
      throw new ErrnoException("unlinkat", Errno.EXDEV, path + ", mounts " + mountPoints);
    }
  }

  /** Finds every directory, each before those in it. */
  private void survey(BytePath top) throws IOException {
    directories.add(new Directory(null, TOP));
    for (int i = 0; i < directories.size(); i++) {
      Directory directory = directories.get(i);
      BytePath path = directory.path(top);
      forEachEntry(
          path,
          (dir, name, stat) -> {
            if (isMount(stat)) {
              addMount(path.resolve(name));
            } else if (stat.isDirectory()) {
              directories.add(new Directory(directory, name));
            }
          });
    }
  }

  /** Removes the innermost first. What was mounted since the survey stays like other mounts. */
  private void removeContents(BytePath top) throws IOException {
    while (!directories.isEmpty()) {
      BytePath path = directories.remove(directories.size() - 1).path(top);
      forEachEntry(
          path,
          (dir, name, stat) -> {
            BytePath entry = path.resolve(name);
            if (isMount(stat)) {
              addMount(entry);
            } else if (!leadToMounts.contains(entry) && !spared.test(entry)) {
              Syscalls.unlinkat(dir, name, unlinkFlags(stat.type()));
            }
          });
    }
  }

  private boolean isMount(FileStat stat) {
    return stat.mountId() != root.mountId();
  }

  private void addMount(BytePath path) {
    mountPoints.add(path);
    for (BytePath above = path; leadToMounts.add(above); ) {
      above = above.parent();
    }
  }

  /**
   * Goes through a directory in parts. Entries of a part may be removed before the next is read:
   * those that stay are read all the same. Source: POSIX, readdir().
   */
  private void forEachEntry(BytePath directory, Step step) throws IOException {
    List<byte[]> part = new ArrayList<>();
    try (Fd dir = root.openStrict(directory);
        Fd readable = DirectoryNames.openAgain(dir)) {
      while (DirectoryNames.readSome(readable, buffer, part)) {
        for (byte[] name : part) {
          step.take(dir, name, Syscalls.fstatat(dir, name));
        }
        part.clear();
      }
    }
  }
}
