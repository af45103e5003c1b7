// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.install;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.criubridge.core.sys.Fd;
import io.criubridge.core.sys.PublishedFile;
import io.criubridge.core.sys.Sha256;
import io.criubridge.core.sys.Syscalls;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The files of criu-bridge as they are built: {@code bin}, {@code lib}, {@code share}. What {@code
 * lib/java/prepare} makes is not counted among them, as it belongs to one place.
 *
 * @param directory the directory above {@code bin}
 */
record ProgramTree(Path directory) {
  private static final Path JAVA = Path.of("lib/java");

  /** Copies the files, each of them durable, to a directory that does not exist. */
  void copyTo(Path target) throws IOException {
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path from, BasicFileAttributes attributes)
              throws IOException {
            Path made = target.resolve(directory.relativize(from));
            Files.createDirectory(made);
            Files.setPosixFilePermissions(made, permissions(from));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path from, BasicFileAttributes attributes)
              throws IOException {
            if (!isPrepared(directory.relativize(from))) {
              copyFile(from, target.resolve(directory.relativize(from)), attributes);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path from, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            PublishedFile.sync(target.resolve(directory.relativize(from)));
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static void copyFile(Path from, Path to, BasicFileAttributes attributes)
      throws IOException {
    if (attributes.isSymbolicLink()) {
      Files.createSymbolicLink(to, Files.readSymbolicLink(from));
      return;
    }
    Files.copy(from, to);
    Files.setPosixFilePermissions(to, permissions(from));
    // The runtime's own class data is bound to the times of its files.
    Files.setLastModifiedTime(to, attributes.lastModifiedTime());
    PublishedFile.sync(to);
  }

  /** What is run as root is written by nobody else. */
  private static Set<PosixFilePermission> permissions(Path file) throws IOException {
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
    permissions.remove(PosixFilePermission.GROUP_WRITE);
    permissions.remove(PosixFilePermission.OTHERS_WRITE);
    return permissions;
  }

  /** What tells these files from others: names, content, and which can be run. */
  String digest() throws IOException {
    MessageDigest digest = Sha256.digest();
    try (Stream<Path> files = Files.walk(directory)) {
      List<Path> sorted =
          files
              .filter(file -> !Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS))
              .filter(file -> !isPrepared(directory.relativize(file)))
              .sorted()
              .toList();
      for (Path file : sorted) {
        String line = directory.relativize(file) + " " + digestOf(file) + "\n";
        digest.update(line.getBytes(UTF_8));
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static String digestOf(Path file) throws IOException {
    if (Files.isSymbolicLink(file)) {
      return "-> " + Files.readSymbolicLink(file);
    }
    MessageDigest digest = Sha256.digest();
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(file)) {
      for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
        digest.update(buffer, 0, length);
      }
    }
    return HexFormat.of().formatHex(digest.digest()) + (Files.isExecutable(file) ? " x" : "");
  }

  private static boolean isPrepared(Path relative) {
    String name = relative.getFileName().toString();
    return JAVA.equals(NodeRoot.parent(relative))
        && (name.equals("jvm.conf") || name.equals(".jvm.conf") || name.endsWith(".cache"));
  }

  /** Gives a staged tree its place; one that is there goes to the stage's in the same moment. */
  static void swap(Path stage, Path place) throws IOException {
    Path parent = NodeRoot.parent(place);
    byte[] from = name(stage);
    byte[] to = name(place);
    int flags =
        Files.exists(place, LinkOption.NOFOLLOW_LINKS)
            ? Syscalls.RENAME_EXCHANGE
            : Syscalls.RENAME_NOREPLACE;
    try (Fd directory = Syscalls.open(parent, Syscalls.O_RDONLY | Syscalls.O_DIRECTORY)) {
      Syscalls.renameat2(directory, from, directory, to, flags);
      Syscalls.fsync(directory);
    }
  }

  private static byte[] name(Path path) {
    return path.getFileName().toString().getBytes(UTF_8);
  }

  /** Removes a tree of ours, if it is there. */
  static void remove(Path tree) throws IOException {
    if (!Files.exists(tree, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(
        tree,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path emptied, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.delete(emptied);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
