// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.sys;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Removes trees below a root, strictly. It first looks at every directory, so that a mount is known
 * before anything is gone.
 */
final class TreeRemoval {

  private final ScopedRoot root;
  private final Predicate<BytePath> spared;
  private final List<Content> contents = new ArrayList<>();
  private final Set<BytePath> mountPoints = new LinkedHashSet<>();

  TreeRemoval(ScopedRoot root, Predicate<BytePath> spared) {
    this.root = root;
    this.spared = spared;
  }

  private record Child(BytePath path, FileType type) {
    int unlinkFlags() {
      return type == FileType.DIRECTORY ? Syscalls.AT_REMOVEDIR : 0;
    }
  }

  /** The entries of a directory. */
  private record Content(BytePath directory, List<Child> children) {}

  boolean remove(BytePath path) throws IOException {
    Optional<FileType> type = typeOf(path);
    if (type.isEmpty()) {
      return false;
    }
    if (type.get() == FileType.DIRECTORY) {
      survey(path);
      if (!mountPoints.isEmpty()) {
        throw new ErrnoException("unlinkat", Errno.EXDEV, path + ", mounts " + mountPoints);
      }
      removeContents();
    }
    try (Fd parent = root.openStrict(path.parent())) {
      Syscalls.unlinkat(parent, path.name(), new Child(path, type.get()).unlinkFlags());
    }
    return true;
  }

  boolean clear(BytePath path) throws IOException {
    if (!typeOf(path).equals(Optional.of(FileType.DIRECTORY))) {
      return false;
    }
    survey(path);
    removeContents();
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

  /** Removes the innermost first. */
  private void removeContents() throws IOException {
    for (int i = contents.size() - 1; i >= 0; i--) {
      Content content = contents.get(i);
      try (Fd dir = root.openStrict(content.directory())) {
        for (Child child : content.children()) {
          if (!leadsToMount(child.path()) && !spared.test(child.path())) {
            Syscalls.unlinkat(dir, child.path().name(), child.unlinkFlags());
          }
        }
      }
    }
  }

  private boolean leadsToMount(BytePath path) {
    return mountPoints.stream().anyMatch(mount -> mount.startsWith(path));
  }

  /** Lists every directory, each before those in it. */
  private void survey(BytePath top) throws IOException {
    ArrayDeque<BytePath> pending = new ArrayDeque<>(List.of(top));
    while (!pending.isEmpty()) {
      BytePath directory = pending.removeLast();
      List<Child> children = children(directory);
      contents.add(new Content(directory, children));
      for (Child child : children) {
        if (child.type() == FileType.DIRECTORY && !mountPoints.contains(child.path())) {
          pending.addLast(child.path());
        }
      }
    }
  }

  private List<Child> children(BytePath directory) throws IOException {
    List<Child> children = new ArrayList<>();
    try (Fd dir = root.openStrict(directory)) {
      for (byte[] name : Syscalls.list(dir)) {
        FileStat stat = Syscalls.fstatat(dir, name);
        BytePath path = directory.resolve(name);
        if (stat.mountId() != root.mountId()) {
          mountPoints.add(path);
        }
        children.add(new Child(path, stat.type()));
      }
    }
    return children;
  }
}
