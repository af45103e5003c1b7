// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.sys;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A file of the host that appears complete and on disk, or not at all. It is written beside its
 * place under a name of its own, {@code .NAME.RANDOM.criu-bridge.tmp}, so that of two who write one
 * file the later has it whole; closed without {@link #publish}, or when the JVM is told to end, it
 * is removed. What a JVM that is killed leaves is for {@link #removeStale}.
 */
public final class PublishedFile implements AutoCloseable {

  private static final String SUFFIX = ".criu-bridge.tmp";

  private final Path destination;
  private final Path temporary;
  private final FileChannel channel;
  private boolean published;

  private PublishedFile(Path destination, Path temporary, FileChannel channel) {
    this.destination = destination;
    this.temporary = temporary;
    this.channel = channel;
  }

  /**
   * Starts a file.
   *
   * @param mode permission bits, whatever the umask
   */
  public static PublishedFile create(Path destination, int mode) throws IOException {
    String unique = Integer.toHexString(ThreadLocalRandom.current().nextInt());
    Path temporary =
        destination.resolveSibling("." + destination.getFileName() + "." + unique + SUFFIX);
    Set<PosixFilePermission> permissions = permissions(mode);
    FileChannel channel =
        FileChannel.open(
            temporary,
            Set.of(
                StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(permissions));
    temporary.toFile().deleteOnExit();
    PublishedFile file = new PublishedFile(destination, temporary, channel);
    try {
      Files.setPosixFilePermissions(temporary, permissions);
    } catch (IOException e) {
      file.close();
      throw e;
    }
    return file;
  }

  /** Publishes a file at once. */
  public static void write(Path destination, byte[] content, int mode) throws IOException {
    try (PublishedFile file = create(destination, mode)) {
      file.append(content);
      file.publish();
    }
  }

  /**
   * Puts a file in place whole or not at all, as {@link #write}, but does not wait for the disk: a
   * power loss may lose it. For what only people read.
   */
  public static void replace(Path destination, byte[] content, int mode) throws IOException {
    try (PublishedFile file = create(destination, mode)) {
      file.append(content);
      file.replace();
    }
  }

  /**
   * Deletes from a directory all that is there under temporary names: what runs that were killed
   * have left. Only for who alone writes there.
   */
  public static void removeStale(Path directory) throws IOException {
    try (DirectoryStream<Path> stale = Files.newDirectoryStream(directory, ".*" + SUFFIX)) {
      for (Path file : stale) {
        Files.deleteIfExists(file);
      }
    }
  }

  /** Whether a file of this name has not got its own yet. */
  public static boolean isTemporary(String name) {
    return name.startsWith(".") && name.endsWith(SUFFIX);
  }

  /** Where to write the content. */
  public FileChannel channel() {
    return channel;
  }

  /** Makes the file durable and gives it its name, over one that is there. */
  public void publish() throws IOException {
    force();
    replace();
    sync(requireNonNull(destination.toAbsolutePath().getParent()));
  }

  /** Waits until the content is on disk. */
  void force() throws IOException {
    channel.force(true);
  }

  /**
   * Waits until a file is on disk, or which files a directory has: what was renamed there, and what
   * was deleted.
   */
  public static void sync(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Gives the file its name without waiting for the disk: for what can be made again. */
  public void replace() throws IOException {
    Files.move(temporary, destination, StandardCopyOption.ATOMIC_MOVE);
    published = true;
  }

  void append(byte[] content) throws IOException {
    ByteBuffer left = ByteBuffer.wrap(content);
    while (left.hasRemaining()) {
      channel.write(left);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
    if (!published) {
      Files.deleteIfExists(temporary);
    }
  }

  private static Set<PosixFilePermission> permissions(int mode) {
    Set<PosixFilePermission> set = EnumSet.noneOf(PosixFilePermission.class);
    PosixFilePermission[] fromHighestBit = PosixFilePermission.values();
    for (int i = 0; i < fromHighestBit.length; i++) {
      if ((mode & (0400 >> i)) != 0) {
        set.add(fromHighestBit[i]);
      }
    }
    return set;
  }
}
