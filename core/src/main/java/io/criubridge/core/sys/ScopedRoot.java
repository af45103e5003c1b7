// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.sys;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A directory and everything done below it without ever leaving it: the root of a container, an
 * overlay's upperdir, a directory to restore to. Whatever symbolic links a hostile workload plants
 * there, no method touches a file outside.
 *
 * <p>Lookups are of two kinds. Those that follow links read a path as a process in that root would,
 * mounts included. Those called strict serve what walks, writes and deletes trees: they fail with
 * ELOOP at a link and with EXDEV at a mount. Either kind first opens the leaf with O_PATH, so no
 * FIFO blocks and no device is opened.
 */
public final class ScopedRoot implements AutoCloseable {

  private final Fd root;
  private final PathWalk walk;
  private final long mountId;
  private final boolean opensNoDevice;

  private ScopedRoot(Fd root, PathWalk walk, long mountId, boolean opensNoDevice) {
    this.root = root;
    this.walk = walk;
    this.mountId = mountId;
    this.opensNoDevice = opensNoDevice;
  }

  /**
   * Opens a directory of the host; the path itself may pass through links, such as {@code
   * /proc/PID/root}.
   */
  public static ScopedRoot open(Path hostDir) throws IOException {
    try (Fd probe = openDirectory(hostDir)) {
      return open(hostDir, PathWalk.available(probe));
    }
  }

  /**
   * Opens a directory of the host that is only read, by a {@link PrivateMount} if the kernel gives
   * one. What is mounted below the directory is not seen then, but what lies under it.
   */
  public static ScopedRoot openToRead(Path hostDir) throws IOException {
    try (Fd directory = openDirectory(hostDir)) {
      PathWalk walk = PathWalk.available(directory);
      Optional<Fd> mounted = PrivateMount.of(directory);
      return mounted.isPresent() ? of(mounted.get(), walk, true) : open(hostDir, walk);
    }
  }

  static ScopedRoot open(Path hostDir, PathWalk walk) throws IOException {
    return of(openDirectory(hostDir), walk, false);
  }

  private static ScopedRoot of(Fd root, PathWalk walk, boolean opensNoDevice) throws IOException {
    try {
      return new ScopedRoot(root, walk, Syscalls.fstat(root).mountId(), opensNoDevice);
    } catch (IOException e) {
      root.close();
      throw e;
    }
  }

  private static Fd openDirectory(Path hostDir) throws ErrnoException {
    return Syscalls.open(hostDir, Syscalls.O_PATH | Syscalls.O_DIRECTORY);
  }

  /** The mount that the directory was reached through, as in mountinfo's first field. */
  public long mountId() {
    return mountId;
  }

  /**
   * Whether the kernel refuses to open a device by a name below, so that who opens a file need not
   * prove first that it is none.
   */
  public boolean opensNoDevice() {
    return opensNoDevice;
  }

  /** Describes what a path leads to, links followed; absent if nothing is there. */
  public Optional<FileStat> stat(BytePath path) throws IOException {
    return describe(path, Resolution.FOLLOW);
  }

  /** As {@link #stat}, but describes a link at the leaf itself. */
  public Optional<FileStat> lstat(BytePath path) throws IOException {
    return describe(path, Resolution.FOLLOW_PARENTS);
  }

  /**
   * Tells where a path leads to, by the text of its links, each taken as a process in that root
   * takes it. Names that are not there stay as they are, so the place of a file still to be made
   * can be told. A workload may change its links at any time: compare the result, or look it up
   * again in this root, and never use it as a path of the host.
   *
   * @throws ErrnoException ELOOP if there are too many links
   */
  public BytePath realPath(BytePath path) throws IOException {
    return RealPath.of(path, this::link);
  }

  private Optional<byte[]> link(BytePath path) throws IOException {
    Optional<Fd> found = find(path, Resolution.FOLLOW_PARENTS);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    try (Fd fd = found.get()) {
      return Syscalls.fstat(fd).type() == FileType.SYMLINK
          ? Optional.of(Syscalls.readlink(fd))
          : Optional.empty();
    }
  }

  /**
   * Reads a regular file, links followed.
   *
   * @throws ErrnoException ENOENT, or EINVAL if it is not a regular file, or EFBIG if it is longer
   *     than {@code maxBytes}
   */
  public byte[] readFile(BytePath path, int maxBytes) throws IOException {
    try (Fd file = open(path, Resolution.FOLLOW)) {
      if (Syscalls.fstat(file).type() != FileType.REGULAR) {
        throw new ErrnoException("read", Errno.EINVAL, file + " (not a regular file)");
      }
      try (InputStream in = Files.newInputStream(file.procPath())) {
        byte[] content = in.readNBytes(maxBytes);
        if (in.read() >= 0) {
          throw new ErrnoException("read", Errno.EFBIG, file + " (over " + maxBytes + " bytes)");
        }
        return content;
      }
    }
  }

  /**
   * Opens what is at a path, strictly, with O_PATH.
   *
   * @throws ErrnoException ENOENT or ENOTDIR if nothing is there, ELOOP, EXDEV
   */
  public Fd openStrict(BytePath path) throws IOException {
    return open(path, Resolution.STRICT);
  }

  /** As {@link #openStrict}, absent if nothing is there. */
  public Optional<Fd> findStrict(BytePath path) throws IOException {
    return find(path, Resolution.STRICT);
  }

  /**
   * Opens a directory strictly, after making it and its parents, 0755, where they are missing.
   *
   * @param made is told of each that was missing
   * @throws ErrnoException ELOOP if it or a parent is a link, ENOTDIR if it is a file, EXDEV
   */
  public Fd makeDirectories(BytePath path, Consumer<BytePath> made) throws IOException {
    Fd found = makeDirectories(path, Resolution.STRICT, made);
    try {
      FileType type = Syscalls.fstat(found).type();
      if (type != FileType.DIRECTORY) {
        int errno = type == FileType.SYMLINK ? Errno.ELOOP : Errno.ENOTDIR;
        throw new ErrnoException("openat", errno, root.nameOf(path));
      }
      return found;
    } catch (IOException e) {
      found.close();
      throw e;
    }
  }

  /**
   * Puts a regular file in place, its parents' links followed, a link at the leaf replaced. The
   * content is on disk when this returns.
   *
   * @param mode permission bits
   */
  public void replaceFile(BytePath path, byte[] content, int mode) throws IOException {
    try (Fd dir = open(path.parent(), Resolution.FOLLOW);
        StagedEntry staged = StagedEntry.file(dir)) {
      Syscalls.chmod(staged.object(), mode);
      Path writable = staged.object().procPath();
      try (FileChannel channel = FileChannel.open(writable, StandardOpenOption.WRITE)) {
        ByteBuffer left = ByteBuffer.wrap(content);
        while (left.hasRemaining()) {
          channel.write(left);
        }
        channel.force(true);
      }
      staged.commit(path.name());
      try (Fd readable = Syscalls.openat(dir, new byte[] {'.'}, Syscalls.O_DIRECTORY, 0)) {
        Syscalls.fsync(readable);
      }
    }
  }

  /**
   * Removes, strictly, a file or a directory with all that is in it. If a mount is anywhere below,
   * nothing is removed.
   *
   * @return false if nothing was there
   * @throws ErrnoException ELOOP if a parent is a link, EXDEV at a mount
   * @throws IllegalArgumentException if the path is the root
   */
  public boolean remove(BytePath path) throws IOException {
    if (path.isRoot()) {
      throw new IllegalArgumentException("the root cannot be removed: " + root);
    }
    return new TreeRemoval(this, inside -> false).remove(path);
  }

  /**
   * Removes one file, its parents' links followed, a link at the leaf itself.
   *
   * @return false if nothing was there
   * @throws ErrnoException EISDIR if it is a directory
   */
  public boolean removeFile(BytePath path) throws IOException {
    try (Fd dir = open(path.parent(), Resolution.FOLLOW)) {
      Syscalls.unlinkat(dir, path.name(), 0);
      return true;
    } catch (ErrnoException e) {
      if (e.errno() == Errno.ENOENT || e.errno() == Errno.ENOTDIR) {
        return false;
      }
      throw e;
    }
  }

  /**
   * Removes, strictly, all that is in a directory, but for mounts and the directories that lead to
   * them.
   *
   * @return false if no directory was there
   * @throws ErrnoException ELOOP if a parent is a link, EXDEV if the directory is on a mount
   */
  public boolean clear(BytePath path) throws IOException {
    return clear(path, inside -> false);
  }

  /**
   * As {@link #clear(BytePath)}, but what is to be spared stays too.
   *
   * @param spared tells of each file and directory inside whether it stays; a directory that stays
   *     is cleared in turn
   */
  public boolean clear(BytePath path, Predicate<BytePath> spared) throws IOException {
    return new TreeRemoval(this, spared).clear(path);
  }

  /**
   * Makes an empty directory or file to mount on, and its parents, 0755, where nothing is. Links
   * are followed.
   *
   * @param type DIRECTORY, or REGULAR for anything else
   * @param mode permission bits of what is made
   * @return whether it had to be made
   * @throws ErrnoException ENOTDIR or EISDIR if what is there is of the other type
   */
  public boolean ensureMountPoint(BytePath path, FileType type, int mode) throws IOException {
    Optional<FileStat> existing = stat(path);
    boolean directory = type == FileType.DIRECTORY;
    if (existing.isPresent()) {
      if (existing.get().isDirectory() != directory) {
        int errno = directory ? Errno.ENOTDIR : Errno.EISDIR;
        throw new ErrnoException("mkdirat", errno, root.nameOf(path));
      }
      return false;
    }
    try (Fd parent = makeDirectories(path.parent(), Resolution.FOLLOW, made -> {})) {
      if (directory) {
        Syscalls.mkdirat(parent, path.name(), mode);
      } else {
        FileStat.Device none = new FileStat.Device(0, 0);
        Syscalls.mknodat(parent, path.name(), FileType.REGULAR, mode, none);
      }
      try (Fd made = Syscalls.openat(parent, path.name(), Syscalls.O_PATH, 0)) {
        // Again, as the umask took its part.
        Syscalls.chmod(made, mode);
      }
    }
    return true;
  }

  private Fd makeDirectories(BytePath path, Resolution how, Consumer<BytePath> noted)
      throws IOException {
    Optional<Fd> existing = find(path, how);
    if (existing.isPresent()) {
      return existing.get();
    }
    try (Fd parent = makeDirectories(path.parent(), how, noted)) {
      Syscalls.mkdirat(parent, path.name(), 0755);
      noted.accept(path);
      Fd made = Syscalls.openat(parent, path.name(), Syscalls.O_PATH | Syscalls.O_DIRECTORY, 0);
      Syscalls.chmod(made, 0755);
      return made;
    }
  }

  private Optional<FileStat> describe(BytePath path, Resolution how) throws IOException {
    Optional<Fd> found = find(path, how);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    try (Fd fd = found.get()) {
      return Optional.of(Syscalls.fstat(fd));
    }
  }

  private Optional<Fd> find(BytePath path, Resolution how) throws IOException {
    try {
      return Optional.of(open(path, how));
    } catch (ErrnoException e) {
      if (e.errno() == Errno.ENOENT || e.errno() == Errno.ENOTDIR) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private Fd open(BytePath path, Resolution how) throws IOException {
    return how == Resolution.STRICT ? walk.openStrict(root, path) : walk.open(root, path, how);
  }

  @Override
  public String toString() {
    return root.toString();
  }

  @Override
  public void close() throws ErrnoException {
    root.close();
  }
}
