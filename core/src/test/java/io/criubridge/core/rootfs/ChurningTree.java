// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.ScopedRoot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/** A workload that changes everything about a tree, again and again, by a seed. */
final class ChurningTree {

  private static final int NAMES = 12;

  private final Path root;
  private final Random random;
  private final List<String> done = new ArrayList<>();

  ChurningTree(Path root, long seed) {
    this.root = root;
    this.random = new Random(seed);
  }

  void change(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      change();
    }
  }

  /** Changes the tree in another thread until {@code stop}. */
  Thread changeUntil(AtomicBoolean stop) {
    Thread thread =
        new Thread(
            () -> {
              try {
                while (!stop.get()) {
                  change();
                }
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    thread.start();
    return thread;
  }

  /** What was done last. */
  List<String> log() {
    return done.subList(Math.max(0, done.size() - 12), done.size());
  }

  private void change() throws IOException {
    Path dir = pick(true);
    Path file = pick(false);
    int what = random.nextInt(15);
    // Mostly a directory does not become a file, nor a file a directory.
    boolean crossing = random.nextInt(200) == 0;
    boolean directories = (what >= 7 && what <= 10) != crossing;
    Path target = dir.resolve((directories ? "d" : "n") + random.nextInt(NAMES));
    done.add(what + " " + root.relativize(file) + " -> " + root.relativize(target));
    switch (what) {
      case 0, 1 -> write(target, text());
      case 2 -> append(file);
      case 3 -> rewriteUnseen(file);
      case 4 -> Files.deleteIfExists(file);
      case 5 -> link(target, file);
      case 6 -> rename(file, target);
      case 7 -> rename(pick(true), target);
      case 8 -> remove(target);
      case 9, 10 -> mkdir(target);
      case 11 -> symlink(target);
      case 12 -> chmod(file);
      case 13 -> remove(target);
      default -> replace(file);
    }
  }

  private static void write(Path path, String text) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      Files.writeString(path, text, StandardOpenOption.CREATE_NEW);
    } else if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
      Files.writeString(path, text);
    }
  }

  private void append(Path file) throws IOException {
    if (isFile(file)) {
      Files.writeString(file, text(), StandardOpenOption.APPEND);
    }
  }

  /** Same size, same time of modification, other content. */
  private void rewriteUnseen(Path file) throws IOException {
    if (isFile(file)) {
      FileTime modified = Files.getLastModifiedTime(file);
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        byte[] bytes = new byte[(int) channel.size()];
        random.nextBytes(bytes);
        channel.write(ByteBuffer.wrap(bytes));
      }
      Files.setLastModifiedTime(file, modified);
    }
  }

  private void remove(Path path) throws IOException {
    try (ScopedRoot scoped = ScopedRoot.open(root)) {
      if (!path.equals(root)) {
        scoped.remove(BytePath.of(root.relativize(path).toString()));
      }
    }
  }

  private void rename(Path from, Path to) throws IOException {
    boolean possible =
        !from.equals(root)
            && Files.exists(from, LinkOption.NOFOLLOW_LINKS)
            && !to.startsWith(from)
            && !from.startsWith(to);
    if (possible) {
      remove(to);
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private static void link(Path link, Path file) throws IOException {
    if (isFile(file) && !Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
      Files.createLink(link, file);
    }
  }

  private static void mkdir(Path path) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      Files.createDirectory(path);
    }
  }

  private void symlink(Path path) throws IOException {
    remove(path);
    if (!path.equals(root)) {
      Files.createSymbolicLink(path, Path.of("n" + random.nextInt(NAMES)));
    }
  }

  private void chmod(Path file) throws IOException {
    if (isFile(file)) {
      Files.setAttribute(file, "unix:mode", 0100000 | random.nextInt(01000));
    }
  }

  /** Another file under the same name, as editors save. */
  private void replace(Path file) throws IOException {
    if (isFile(file)) {
      Path made = Files.writeString(file.resolveSibling("new"), text());
      Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private static boolean isFile(Path path) {
    return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
  }

  private String text() {
    return String.valueOf((char) ('a' + random.nextInt(26))).repeat(1 + random.nextInt(9000));
  }

  private Path pick(boolean directory) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      List<Path> found =
          all.filter(path -> Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS) == directory)
              .sorted()
              .toList();
      return found.isEmpty() ? root : found.get(random.nextInt(found.size()));
    }
  }
}
