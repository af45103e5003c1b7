// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.FileStat;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a capture leaves out, neither archived nor told of as deleted, and what it has to know of
 * the overlay.
 *
 * @param mountPoints where something is mounted in the container
 * @param exclusions files and whole directories that the user does not want
 * @param criuAtWorkSince since when the tasks have stood still and CRIU has been dumping them, if
 *     the capture is beside that: directories that CRIU has made for itself since are left out
 * @param workDirectory the overlay's workdir, which with {@code index=on} has what leads to further
 *     names of changed files
 */
public record CaptureOptions(
    Set<BytePath> mountPoints,
    List<BytePath> exclusions,
    Optional<FileStat.Time> criuAtWorkSince,
    Optional<Path> workDirectory) {

  /**
   * To look below mounts CRIU makes directories in the container's {@code /tmp}, or its root, and
   * removes them at once. Source: the templates for mkdtemp(3) in {@code criu}.
   */
  private static final Pattern CRIU_DIRECTORY = Pattern.compile("(cr-tmpfs|crtools-proc)\\..{6}");

  /** Copies its arguments. */
  public CaptureOptions {
    mountPoints = Set.copyOf(mountPoints);
    exclusions = List.copyOf(exclusions);
  }

  /** For a tree that nobody works on. */
  public CaptureOptions(Set<BytePath> mountPoints, List<BytePath> exclusions) {
    this(mountPoints, exclusions, Optional.empty(), Optional.empty());
  }

  /** The same for a capture beside CRIU's work. */
  public CaptureOptions besideCriu(Instant since) {
    FileStat.Time time = new FileStat.Time(since.getEpochSecond(), since.getNano());
    return new CaptureOptions(mountPoints, exclusions, Optional.of(time), workDirectory);
  }

  /** The same for an overlay with this workdir. */
  public CaptureOptions withWorkDirectory(Path directory) {
    return new CaptureOptions(mountPoints, exclusions, criuAtWorkSince, Optional.of(directory));
  }

  /** Nothing but mounts that are found on the way is left out. */
  public static CaptureOptions everything() {
    return new CaptureOptions(Set.of(), List.of());
  }

  /** Whether a directory, which is not left out itself, may have something below it that is. */
  boolean mayLeaveOutBelow(BytePath directory) {
    return anyBelow(mountPoints, directory) || anyBelow(exclusions, directory);
  }

  private static boolean anyBelow(Collection<BytePath> paths, BytePath directory) {
    for (BytePath path : paths) {
      if (path.startsWith(directory)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether a directory is CRIU's own, maybe with the mount on it that CRIU looks below of. One of
   * such a name that is older is the container's, whose tasks make none any more.
   *
   * @param mount the tree that is walked
   */
  boolean isOfCriu(byte[] name, FileStat stat, long mount) {
    return mayBeOfCriu(name)
        && (stat.mountId() != mount
            || stat.changed().compareTo(criuAtWorkSince.orElseThrow()) >= 0);
  }

  /** Whether CRIU, which is at work, gives its own directories names like this. */
  boolean mayBeOfCriu(byte[] name) {
    return criuAtWorkSince.isPresent()
        && CRIU_DIRECTORY.matcher(new String(name, ISO_8859_1)).matches();
  }

  boolean leaveOut(BytePath path) {
    return mountPoints.contains(path) || exclusions.stream().anyMatch(path::startsWith);
  }
}
