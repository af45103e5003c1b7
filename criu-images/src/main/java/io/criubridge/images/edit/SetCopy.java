// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.edit;

import com.google.protobuf.Message;
import io.criubridge.images.ImageEntry;
import io.criubridge.images.ImageFormatException;
import io.criubridge.images.ImageSet;
import io.criubridge.images.ImageType;
import io.criubridge.images.ImageWriter;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A copy of a set that is being made under a temporary name beside its place. Closed without {@link
 * #publish()} it is removed.
 */
final class SetCopy implements AutoCloseable {
  private static final String PARENT = "parent";

  private final ImageSet set;
  private final Path target;
  private final Path temporary;
  private boolean published;

  private SetCopy(ImageSet set, Path target, Path temporary) {
    this.set = set;
    this.target = target;
    this.temporary = temporary;
  }

  static SetCopy begin(ImageSet set, Path target) throws IOException {
    Path absolute = target.toAbsolutePath().normalize();
    Path parent = absolute.getParent();
    if (parent == null) {
      throw new IOException(target + ": is no place for a checkpoint");
    }
    Path temporary =
        Files.createTempDirectory(
            parent,
            "." + absolute.getFileName() + ".criu-bridge.",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    return new SetCopy(set, absolute, temporary);
  }

  void write(List<Change> changes, Map<String, byte[]> contents, Predicate<String> dropped)
      throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(set.directory())) {
      for (Path file : files) {
        String name = String.valueOf(file.getFileName());
        if (Files.isSymbolicLink(file) && name.equals(PARENT)) {
          linkParent(file);
        } else if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
          throw new IOException(file + ": is no file, and not copied: move it away first");
        } else if (!dropped.test(name)) {
          write(file, name, changes, Optional.ofNullable(contents.get(name)));
        }
      }
    }
  }

  void publish() throws IOException {
    Files.setPosixFilePermissions(temporary, Files.getPosixFilePermissions(set.directory()));
    sync(temporary);
    // rename(2) replaces an empty directory, and no other.
    Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    published = true;
    sync(target.resolveSibling("."));
  }

  @Override
  public void close() throws IOException {
    if (published) {
      return;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(temporary)) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
    } catch (NoSuchFileException gone) {
      return;
    }
    Files.deleteIfExists(temporary);
  }

  private void write(Path file, String name, List<Change> changes, Optional<byte[]> content)
      throws IOException {
    Optional<ImageType> type = ImageType.ofFileName(name).filter(ImageType::hasEntries);
    Path copy = temporary.resolve(name);
    if (content.isPresent()) {
      Files.write(copy, content.get());
    } else if (type.isPresent()
        && changes.stream().anyMatch(change -> change.concerns(type.get()))) {
      rewrite(name, type.get(), copy, changes);
    } else {
      Files.copy(file, copy, LinkOption.NOFOLLOW_LINKS);
    }
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
    Files.setPosixFilePermissions(copy, permissions);
    sync(copy);
  }

  private void rewrite(String name, ImageType type, Path copy, List<Change> changes)
      throws IOException {
    try (FileChannel channel =
            FileChannel.open(copy, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        ImageWriter writer =
            new ImageWriter(new BufferedOutputStream(Channels.newOutputStream(channel)), type)) {
      for (ImageEntry entry : set.entries(name)) {
        writer.write(changed(name, entry, type, changes));
      }
    }
  }

  private Message changed(String name, ImageEntry entry, ImageType type, List<Change> changes)
      throws ImageFormatException {
    try {
      Message message = entry.message();
      for (Change change : changes) {
        if (change.concerns(type)) {
          message = change.apply(message);
        }
      }
      return message;
    } catch (IllegalArgumentException e) {
      ImageFormatException failure =
          new ImageFormatException(
              set.file(name), entry.offset(), "a socket", String.valueOf(e.getMessage()));
      failure.initCause(e);
      throw failure;
    }
  }

  /** The link is relative, and the copy may be elsewhere. */
  private void linkParent(Path link) throws IOException {
    Path before = link.toRealPath();
    Path place = target.resolveSibling(".").toRealPath().resolve(target.getFileName());
    Files.createSymbolicLink(temporary.resolve(PARENT), place.relativize(before));
  }

  private static void sync(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
