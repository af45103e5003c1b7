// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.exchange;

import io.criubridge.core.sys.PublishedFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/** A directory of plain files that appears complete and on disk, or not at all. */
final class StagedDirectory implements AutoCloseable {

  private static final int PART_BYTES = 1 << 16;

  private final Path destination;
  private final Path temporary;
  private boolean published;

  private StagedDirectory(Path destination, Path temporary) {
    this.destination = destination;
    this.temporary = temporary;
  }

  /** Starts a directory that is not there yet. */
  static StagedDirectory create(Path destination) throws IOException {
    Path absolute = destination.toAbsolutePath().normalize();
    if (Files.exists(absolute, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileAlreadyExistsException(destination + ": is there already; name a new one");
    }
    Path parent = Objects.requireNonNull(absolute.getParent());
    return new StagedDirectory(absolute, Files.createTempDirectory(parent, ".criu-bridge-import"));
  }

  Path path() {
    return temporary;
  }

  /** Writes a file that must not be there yet, and not be longer than that. */
  void add(String name, InputStream content, long mostBytes) throws IOException {
    try (OutputStream out =
        Channels.newOutputStream(
            FileChannel.open(
                temporary.resolve(name),
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(
                    PosixFilePermissions.fromString("rw-------"))))) {
      long left = mostBytes;
      byte[] part = new byte[PART_BYTES];
      for (int count = content.read(part); count >= 0; count = content.read(part)) {
        left -= count;
        if (left < 0) {
          throw new IOException(
              name + ": is longer than " + (mostBytes >> 20) + " MiB, which no such file is");
        }
        out.write(part, 0, count);
      }
    } catch (FileAlreadyExistsException e) {
      throw new IOException(name + ": is there twice", e);
    }
  }

  void publish() throws IOException {
    for (Path file : files()) {
      PublishedFile.sync(file);
    }
    PublishedFile.sync(temporary);
    Files.move(temporary, destination, StandardCopyOption.ATOMIC_MOVE);
    published = true;
    PublishedFile.sync(Objects.requireNonNull(destination.getParent()));
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(temporary)) {
      return files.toList();
    }
  }

  @Override
  public void close() throws IOException {
    if (!published) {
      try (Stream<Path> tree = Files.walk(temporary)) {
        for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }
}
