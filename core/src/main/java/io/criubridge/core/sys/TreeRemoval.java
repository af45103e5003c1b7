// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.sys;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Removes trees below a root, strictly. It first looks at every directory, so that a mount makes it
 * fail before anything is gone.
 */
final class TreeRemoval {

  private final ScopedRoot root;

  TreeRemoval(ScopedRoot root) {
    this.root = root;
  }

  private record Child(BytePath path, FileType type) {
    int unlinkFlags() {
      return type == FileType.DIRECTORY ? Syscalls.AT_REMOVEDIR : 0;
    }
  }

  /** The entries of a directory. */
  private record Content(BytePath directory, List<Child> children) {}

  boolean remove(BytePath path) throws IOException {
    Optional<Fd> found = root.findStrict(path);
    if (found.isEmpty()) {
      return false;
    }
    FileType type;
    try (Fd fd = found.get()) {
      type = Syscalls.fstat(fd).type();
    }
    if (type == FileType.DIRECTORY) {
      clearDirectory(path);
    }
    try (Fd parent = root.openStrict(path.parent())) {
      Syscalls.unlinkat(parent, path.name(), new Child(path, type).unlinkFlags());
    }
    return true;
  }

  boolean clear(BytePath path) throws IOException {
    Optional<Fd> found = root.findStrict(path);
    if (found.isEmpty()) {
      return false;
    }
    try (Fd fd = found.get()) {
      if (!Syscalls.fstat(fd).isDirectory()) {
        return false;
      }
    }
    clearDirectory(path);
    return true;
  }

  private void clearDirectory(BytePath path) throws IOException {
    List<Content> contents = survey(path);
    for (int i = contents.size() - 1; i >= 0; i--) {
      Content content = contents.get(i);
      try (Fd dir = root.openStrict(content.directory())) {
        for (Child child : content.children()) {
          Syscalls.unlinkat(dir, child.path().name(), child.unlinkFlags());
        }
      }
    }
  }

  /** Lists every directory, each before those in it. */
  private List<Content> survey(BytePath top) throws IOException {
    List<Content> contents = new ArrayList<>();
    ArrayDeque<BytePath> pending = new ArrayDeque<>(List.of(top));
    while (!pending.isEmpty()) {
      BytePath directory = pending.removeLast();
      List<Child> children = children(directory);
      contents.add(new Content(directory, children));
      for (Child child : children) {
        if (child.type() == FileType.DIRECTORY) {
          pending.addLast(child.path());
        }
      }
    }
    return contents;
  }

  private List<Child> children(BytePath directory) throws IOException {
    List<Child> children = new ArrayList<>();
    try (Fd dir = root.openStrict(directory)) {
      for (byte[] name : Syscalls.list(dir)) {
        FileStat stat = Syscalls.fstatat(dir, name);
        if (stat.mountId() != root.mountId()) {
          throw new ErrnoException("unlinkat", Errno.EXDEV, dir.nameOf(name) + " (mount point)");
        }
        children.add(new Child(directory.resolve(name), stat.type()));
      }
    }
    return children;
  }
}
