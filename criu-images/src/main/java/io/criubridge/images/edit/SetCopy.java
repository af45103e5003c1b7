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
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A copy of a set that is being made.
 *
 * @param directory where the copy is put
 */
record SetCopy(ImageSet set, Path directory) {
  private static final String PARENT = "parent";

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
    Files.setPosixFilePermissions(directory, Files.getPosixFilePermissions(set.directory()));
  }

  private void write(Path file, String name, List<Change> changes, Optional<byte[]> content)
      throws IOException {
    Optional<ImageType> type = ImageType.ofFileName(name).filter(ImageType::hasEntries);
    Path copy = directory.resolve(name);
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
    Path relative = directory.toRealPath().relativize(link.toRealPath());
    Files.createSymbolicLink(directory.resolve(PARENT), relative);
  }
}
