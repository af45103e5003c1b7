// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.sys;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A new object under a temporary name in a directory, complete before one rename puts it in place.
 * Closed without {@link #commit} it is removed again.
 */
public final class StagedEntry implements AutoCloseable {

  private final Fd dir;
  private final byte[] temporaryName;
  private final Fd object;
  private final int unlinkFlags;
  private boolean committed;

  private StagedEntry(Fd dir, byte[] temporaryName, Fd object, int unlinkFlags) {
    this.dir = dir;
    this.temporaryName = temporaryName;
    this.object = object;
    this.unlinkFlags = unlinkFlags;
  }

  /** An empty regular file, mode 0600. */
  public static StagedEntry file(Fd dir) throws IOException {
    return node(dir, FileType.REGULAR, new FileStat.Device(0, 0));
  }

  /** An empty directory, mode 0700. */
  public static StagedEntry directory(Fd dir) throws IOException {
    return stage(dir, Syscalls.AT_REMOVEDIR, name -> Syscalls.mkdirat(dir, name, 0700));
  }

  /** A symbolic link. */
  public static StagedEntry symlink(Fd dir, byte[] target) throws IOException {
    return stage(dir, 0, name -> Syscalls.symlinkat(target, dir, name));
  }

  /** A device or FIFO, mode 0600. */
  public static StagedEntry node(Fd dir, FileType type, FileStat.Device device) throws IOException {
    return stage(dir, 0, name -> Syscalls.mknodat(dir, name, type, 0600, device));
  }

  /** A second name of a file in another directory. */
  public static StagedEntry link(Fd dir, Fd existingDir, byte[] existingName) throws IOException {
    return stage(dir, 0, name -> Syscalls.linkat(existingDir, existingName, dir, name));
  }

  @FunctionalInterface
  private interface Maker {
    void make(byte[] name) throws IOException;
  }

  private static StagedEntry stage(Fd dir, int unlinkFlags, Maker maker) throws IOException {
    byte[] name = temporaryName();
    maker.make(name);
    try {
      Fd object = Syscalls.openat(dir, name, Syscalls.O_PATH, 0);
      return new StagedEntry(dir, name, object, unlinkFlags);
    } catch (IOException e) {
      try {
        Syscalls.unlinkat(dir, name, unlinkFlags);
      } catch (IOException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw e;
    }
  }

  /** Random, so that a workload cannot hold the name; if it does, EEXIST is reported. */
  private static byte[] temporaryName() {
    long random = ThreadLocalRandom.current().nextLong();
    return (".criu-bridge." + Long.toHexString(random) + ".tmp").getBytes(US_ASCII);
  }

  /** The object, open with O_PATH; {@link Fd#procPath()} opens it for writing. */
  public Fd object() {
    return object;
  }

  /**
   * Renames the object to its name, over what is there. EBUSY if that is a mount point, also of
   * another mount namespace, where the kernel would silently unmount it; EISDIR or ENOTDIR if only
   * one of the two is a directory.
   */
  public void commit(byte[] name) throws IOException {
    Optional<FileStat> existing = existing(name);
    FileStat staged = Syscalls.fstat(object);
    if (existing.isPresent() && existing.get().mountId() != staged.mountId()) {
      throw new ErrnoException("renameat2", Errno.EBUSY, dir.nameOf(name) + " (mount point)");
    }
    if (existing.isPresent() && isSameFile(existing.get(), staged)) {
      // rename(2) of one name of a file to another does nothing; close() removes ours.
      return;
    }
    Syscalls.renameat2(dir, temporaryName, dir, name, 0);
    committed = true;
  }

  private Optional<FileStat> existing(byte[] name) throws IOException {
    try {
      return Optional.of(Syscalls.fstatat(dir, name));
    } catch (ErrnoException e) {
      if (e.errno() == Errno.ENOENT) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static boolean isSameFile(FileStat one, FileStat other) {
    return one.ino() == other.ino() && one.device().equals(other.device());
  }

  @Override
  public void close() throws IOException {
    object.close();
    if (!committed) {
      Syscalls.unlinkat(dir, temporaryName, unlinkFlags);
    }
  }
}
