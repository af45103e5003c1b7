// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.sys;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What statx(2) says of a file.
 *
 * @param type the file's type
 * @param mode permission bits with setuid, setgid and sticky, {@code 07777} at most
 * @param uid owner, unsigned 32 bits
 * @param gid group, unsigned 32 bits
 * @param size bytes
 * @param blocks allocated units of 512 bytes
 * @param device the file system's device
 * @param ino inode number
 * @param nlink number of names
 * @param rdev the device that a device node stands for
 * @param modified last change of the content
 * @param changed last change of the inode
 * @param mountId the mount that the file was reached through, as in mountinfo's first field
 */
public record FileStat(
    FileType type,
    int mode,
    long uid,
    long gid,
    long size,
    long blocks,
    Device device,
    long ino,
    long nlink,
    Device rdev,
    Time modified,
    Time changed,
    long mountId) {

  /** A device number. */
  public record Device(int major, int minor) {}

  /**
   * A point in time.
   *
   * @param seconds since 1970, may be negative
   * @param nanos 0 to 999,999,999, counted forward
   */
  public record Time(long seconds, int nanos) implements Comparable<Time> {
    @Override
    public int compareTo(Time other) {
      int bySeconds = Long.compare(seconds, other.seconds);
      return bySeconds != 0 ? bySeconds : Integer.compare(nanos, other.nanos);
    }
  }

  static final int STATX_SIZE = 256;
  private static final int STATX_MNT_ID = 0x1000;
  static final int STATX_MASK = 0x7ff | STATX_MNT_ID;
  private static final long NO_MOUNT_ID = -1;

  /** Whether this is a directory. */
  public boolean isDirectory() {
    return type == FileType.DIRECTORY;
  }

  /** Reads a {@code struct statx}. Source: {@code include/uapi/linux/stat.h}. */
  static FileStat parse(KernelStruct in) {
    int mode = in.u16(28);
    return new FileStat(
        FileType.ofMode(mode),
        mode & 07777,
        in.u32(20),
        in.u32(24),
        in.i64(40),
        in.i64(48),
        device(in, 136),
        in.i64(32),
        in.u32(16),
        device(in, 128),
        time(in, 112),
        time(in, 96),
        (in.u32(0) & STATX_MNT_ID) == 0 ? NO_MOUNT_ID : in.i64(144));
  }

  /** Whether the kernel has told the mount; that of Linux before 5.8 does not. */
  boolean hasMountId() {
    return mountId != NO_MOUNT_ID;
  }

  /**
   * The mount of an open file on Linux before 5.8, whose statx(2) does not tell it. Source: {@code
   * mnt_id} of proc_pid_fdinfo(5).
   */
  static long mountIdOf(Fd fd) throws IOException {
    Path fdinfo = Path.of("/proc/self/fdinfo/" + fd.number());
    for (String line : Files.readAllLines(fdinfo, ISO_8859_1)) {
      if (line.startsWith("mnt_id:")) {
        return Long.parseLong(line.substring("mnt_id:".length()).strip());
      }
    }
    throw new IOException("no mnt_id in " + fdinfo);
  }

  FileStat withMountId(long id) {
    return new FileStat(
        type, mode, uid, gid, size, blocks, device, ino, nlink, rdev, modified, changed, id);
  }

  private static Device device(KernelStruct in, int offset) {
    return new Device((int) in.u32(offset), (int) in.u32(offset + 4));
  }

  private static Time time(KernelStruct in, int offset) {
    return new Time(in.i64(offset), (int) in.u32(offset + 8));
  }
}
