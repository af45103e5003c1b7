// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.sys;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A directory of the host, of plain files and links, that appears complete and on disk, or not at
 * all. It is filled beside its place under a temporary name, with mode 0700; closed without {@link
 * #publish} it is removed.
 */
public final class PublishedDirectory implements AutoCloseable {

  private final Path destination;
  private final Path temporary;
  private boolean published;

  private PublishedDirectory(Path destination, Path temporary) {
    this.destination = destination;
    this.temporary = temporary;
  }

  /**
   * Starts a directory.
   *
   * @param destination what is not there yet, or an empty directory
   * @throws FileAlreadyExistsException if it is something else
   */
  public static PublishedDirectory create(Path destination) throws IOException {
    Path place = resolved(destination);
    if (Files.exists(place) && !isEmpty(place)) {
      throw new FileAlreadyExistsException(destination + ": is there already; name a new one");
    }
    return beside(place);
  }

  /** Starts a directory that is to take the place of another one, by {@link #exchange}. */
  public static PublishedDirectory inPlaceOf(Path destination) throws IOException {
    return beside(destination.toRealPath());
  }

  private static PublishedDirectory beside(Path place) throws IOException {
    String prefix = "." + place.getFileName() + ".criu-bridge.";
    Path parent = requireNonNull(place.getParent(), "the root is no empty directory");
    return new PublishedDirectory(place, Files.createTempDirectory(parent, prefix));
  }

  /** Not by normalize(), which would leave a link's target by the link's own parent. */
  private static Path resolved(Path destination) throws IOException {
    if (Files.exists(destination, LinkOption.NOFOLLOW_LINKS)) {
      return destination.toRealPath();
    }
    return destination.resolveSibling(".").toRealPath().resolve(destination.getFileName());
  }

  private static boolean isEmpty(Path destination) throws IOException {
    if (!Files.isDirectory(destination)) {
      return false;
    }
    try (Stream<Path> files = Files.list(destination)) {
      return files.findAny().isEmpty();
    }
  }

  /** Where to put the files, for now. */
  public Path path() {
    return temporary;
  }

  /** Makes the files durable and gives the directory its name. */
  public void publish() throws IOException {
    sync();
    // rename(2) replaces an empty directory, and no other.
    Files.move(temporary, destination, StandardCopyOption.ATOMIC_MOVE);
    published = true;
    PublishedFile.sync(requireNonNull(destination.getParent()));
  }

  /**
   * Makes the files durable and has the directory change places, in one step, with the one that has
   * its name. That one is removed by {@link #close}.
   */
  public void exchange() throws IOException {
    sync();
    PathExchange.exchange(
        requireNonNull(destination.getParent()),
        String.valueOf(temporary.getFileName()),
        String.valueOf(destination.getFileName()));
  }

  private void sync() throws IOException {
    for (Path path : tree()) {
      if (!Files.isSymbolicLink(path)) {
        PublishedFile.sync(path);
      }
    }
  }

  /** What is inside before what it is in. */
  private List<Path> tree() throws IOException {
    try (Stream<Path> tree = Files.walk(temporary)) {
      return tree.sorted(Comparator.reverseOrder()).toList();
    }
  }

  @Override
  public void close() throws IOException {
    if (!published) {
      for (Path path : tree()) {
        Files.delete(path);
      }
    }
  }
}
