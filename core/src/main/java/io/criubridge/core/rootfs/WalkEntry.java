// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import io.criubridge.core.sys.ErrnoException;
import io.criubridge.core.sys.Fd;
import io.criubridge.core.sys.FileStat;
import io.criubridge.core.sys.FileType;
import io.criubridge.core.sys.Syscalls;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A file that a walk has found.
 *
 * @param directory what it is in
 * @param stat what the merged tree says of it
 * @param content its upper side, if that is open already
 */
record WalkEntry(
    WalkDirectory directory, DiffPlace place, FileStat stat, @Nullable FileContent content) {

  /**
   * Opens it with O_PATH.
   *
   * @throws CaptureException if it is another by now
   */
  Fd open() throws IOException {
    Fd file = Syscalls.openat(directory.merged(), place.path().name(), Syscalls.O_PATH, 0);
    try {
      FileStat opened = Syscalls.fstat(file);
      if (looksLike(opened)
          && opened.ino() == stat.ino()
          && opened.device().equals(stat.device())
          && opened.mountId() == stat.mountId()) {
        return file;
      }
    } catch (IOException e) {
      file.close();
      throw e;
    }
    file.close();
    throw new CaptureException(place.path(), "changed while it was read");
  }

  /**
   * Opens a regular file's upper side, which is the very file, unless it is mere metadata, and
   * takes half the kernel's time to read; absent where it is another.
   */
  Optional<FileContent> openUpper() throws IOException {
    if (content != null) {
      return Optional.of(content);
    }
    if (directory.region() == DiffRegion.RENAMED || stat.type() != FileType.REGULAR) {
      return Optional.empty();
    }
    Optional<FileContent> atOnce = directory.opensNoDevice() ? openUpperAtOnce() : Optional.empty();
    return atOnce.isPresent() ? atOnce : openUpperProven();
  }

  /** By one call; absent also for whatever goes wrong, as the long way tells better what. */
  private Optional<FileContent> openUpperAtOnce() throws IOException {
    Fd file;
    try {
      // A FIFO by now would have it wait.
      int flags = Syscalls.O_RDONLY | Syscalls.O_NONBLOCK;
      file = Syscalls.openat(directory.upper(), place.path().name(), flags, 0);
    } catch (ErrnoException e) {
      return Optional.empty();
    }
    try {
      if (looksLike(Syscalls.fstat(file))) {
        return Optional.of(FileContent.of(place.path(), file, stat));
      }
    } catch (IOException e) {
      file.close();
      throw e;
    }
    file.close();
    return Optional.empty();
  }

  private Optional<FileContent> openUpperProven() throws IOException {
    Optional<Fd> found = DiffWalk.find(directory.upper(), place.path().name());
    if (found.isEmpty()) {
      return Optional.empty();
    }
    try (Fd file = found.get()) {
      return looksLike(Syscalls.fstat(file))
          ? Optional.of(FileContent.open(place.path(), file, stat))
          : Optional.empty();
    }
  }

  /** An overlay shows times, size and owner of the upper file as they are. */
  private boolean looksLike(FileStat other) {
    return other.type() == stat.type()
        && other.mode() == stat.mode()
        && other.uid() == stat.uid()
        && other.gid() == stat.gid()
        && other.size() == stat.size()
        && other.modified().equals(stat.modified())
        && other.changed().equals(stat.changed());
  }
}
