// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.mount;

import io.criubridge.core.proc.MountInfo;
import io.criubridge.core.proc.MountTable;
import io.criubridge.core.proc.ProcFs;
import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.Fd;
import io.criubridge.core.sys.Mounts;
import io.criubridge.core.sys.Syscalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code /proc/sys}, writable for as long as this is open, as CRIU has to write there at a restore.
 * Runtimes bind it onto itself, read-only; in a privileged container it is no mount of its own.
 */
public final class WritableProcSys implements AutoCloseable {

  /** A change of a bind mount's flags sets them all; those not given are dropped. */
  private static final Map<String, Long> FLAGS =
      Map.of(
          "ro", Mounts.MS_RDONLY,
          "nosuid", Mounts.MS_NOSUID,
          "nodev", Mounts.MS_NODEV,
          "noexec", Mounts.MS_NOEXEC,
          "nosymfollow", Mounts.MS_NOSYMFOLLOW);

  private final Fd directory;
  private final long flags;
  private final boolean changed;

  private WritableProcSys(Fd directory, long flags, boolean changed) {
    this.directory = directory;
    this.flags = flags;
    this.changed = changed;
  }

  /**
   * Makes it writable in the mount namespace of this process, its other flags kept. If it is no
   * mount, or is writable, nothing is done.
   *
   * <p>Seed: RemountProcSys (which drops the other flags, makes it read-only afterwards whatever it
   * was, and fails where it is no mount). Source: mount(2) on MS_REMOUNT with MS_BIND, which keeps
   * the atime flags where none is given
   */
  public static WritableProcSys open() throws IOException {
    Path path = ProcFs.HOST.root().resolve("sys");
    byte[] mountInfo = Files.readAllBytes(ProcFs.HOST.root().resolve("self/mountinfo"));
    Fd directory =
        Syscalls.open(path, Syscalls.O_PATH | Syscalls.O_DIRECTORY | Syscalls.O_NOFOLLOW);
    try {
      Optional<MountInfo> mount = mountAt(directory, path, MountTable.parse(mountInfo));
      long flags = mount.map(m -> flags(m.options())).orElse(0L);
      boolean readOnly = (flags & Mounts.MS_RDONLY) != 0;
      if (readOnly) {
        remount(directory, flags & ~Mounts.MS_RDONLY);
      }
      return new WritableProcSys(directory, flags, readOnly);
    } catch (IOException e) {
      directory.close();
      throw e;
    }
  }

  /** The mount whose root is open here, if it is one. */
  private static Optional<MountInfo> mountAt(Fd directory, Path path, MountTable mounts)
      throws IOException {
    long id = Syscalls.fstat(directory).mountId();
    BytePath place = BytePath.of(path.toString());
    return mounts.mounts().stream()
        .filter(mount -> mount.id() == id && mount.mountPoint().equals(place))
        .findFirst();
  }

  private static long flags(List<String> options) {
    return options.stream().mapToLong(option -> FLAGS.getOrDefault(option, 0L)).sum();
  }

  private static void remount(Fd directory, long flags) throws IOException {
    long all = Mounts.MS_REMOUNT | Mounts.MS_BIND | flags;
    Mounts.mount("none", directory.procPath(), "none", all, "");
  }

  /** Whether it was read-only, and will be again. */
  public boolean wasReadOnly() {
    return changed;
  }

  /** Makes it what it was. */
  @Override
  public void close() throws IOException {
    try (Fd open = directory) {
      if (changed) {
        remount(open, flags);
      }
    }
  }
}
