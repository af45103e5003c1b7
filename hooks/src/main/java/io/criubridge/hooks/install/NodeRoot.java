// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.install;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The root directory of the node that is worked on: {@code /}, or where the file system of another
 * machine is mounted, whose symbolic links are then followed as they are meant there.
 *
 * @param directory the root, absolute
 */
public record NodeRoot(Path directory) {
  private static final Path SLASH = Path.of("/");

  /** Source: path_resolution(7). */
  private static final int MOST_LINKS = 40;

  /** Makes the directory absolute. */
  public NodeRoot {
    directory = directory.toAbsolutePath().normalize();
  }

  /** Whether this is the running machine's own root, where programs can be run. */
  public boolean isThisMachine() {
    return directory.equals(SLASH);
  }

  /**
   * Where a path of the node is to be found, every link on the way followed but for the last name.
   *
   * @param path an absolute path of the node
   */
  public Path entry(Path path) throws IOException {
    Path name = path.getFileName();
    return name == null ? directory : followed(parent(path), MOST_LINKS).resolve(name);
  }

  /** Where a path of the node leads to, the last name followed too; it need not exist. */
  public Path followed(Path path) throws IOException {
    return followed(path, MOST_LINKS);
  }

  private Path followed(Path path, int linksLeft) throws IOException {
    Deque<Path> left = new ArrayDeque<>();
    path.forEach(left::add);
    Path at = directory;
    int links = linksLeft;
    while (!left.isEmpty()) {
      Path name = left.removeFirst();
      Path next = at.resolve(name);
      if (name.toString().equals("..")) {
        at = at.equals(directory) ? at : parent(at);
      } else if (Files.isSymbolicLink(next)) {
        if (links-- == 0) {
          throw new IOException(next + ": too many symbolic links");
        }
        Path target = Files.readSymbolicLink(next);
        at = target.isAbsolute() ? directory : at;
        pushAll(left, target);
      } else {
        at = name.toString().equals(".") ? at : next;
      }
    }
    return at;
  }

  /** The directory that a path is in; the root is in itself. */
  static Path parent(Path path) {
    Path parent = path.getParent();
    return parent == null ? path : parent;
  }

  private static void pushAll(Deque<Path> left, Path target) {
    for (int i = target.getNameCount() - 1; i >= 0; i--) {
      left.addFirst(target.getName(i));
    }
  }

  /** Whether there is anything, be it a link that leads nowhere. */
  public boolean exists(Path path) throws IOException {
    return Files.exists(entry(path), LinkOption.NOFOLLOW_LINKS);
  }
}
