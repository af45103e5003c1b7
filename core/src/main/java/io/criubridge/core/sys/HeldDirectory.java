// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.sys;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A directory of the host held open, to read small files in it with as few calls as there can be:
 * {@code openat}, {@code read}, {@code close}. Held open, {@code /proc/PID} stays that of one
 * process, whoever gets its number later.
 */
public final class HeldDirectory implements AutoCloseable {

  private static final int FIRST_READ = 4096;

  private final Fd dir;

  private HeldDirectory(Fd dir) {
    this.dir = dir;
  }

  /** Opens a directory; ENOENT if there is none. */
  public static HeldDirectory open(Path path) throws ErrnoException {
    return new HeldDirectory(Syscalls.open(path, Syscalls.O_PATH | Syscalls.O_DIRECTORY));
  }

  /**
   * Reads a file whole, taking a read that falls short of the buffer for the last one. That holds
   * for regular files and for those proc files that are one record; it does not hold for lists such
   * as {@code mountinfo}.
   *
   * <p>Source: {@code seq_read_iter()} in fs/seq_file.c, {@code get_mm_cmdline()} in fs/proc/base.c
   */
  public byte[] read(String name) throws ErrnoException {
    try (Fd file = Syscalls.openat(dir, name.getBytes(US_ASCII), Syscalls.O_RDONLY, 0)) {
      byte[] buffer = new byte[FIRST_READ];
      int length = read(file, buffer);
      byte[] content = Arrays.copyOf(buffer, length);
      while (length == buffer.length) {
        buffer = new byte[buffer.length * 2];
        length = read(file, buffer);
        int before = content.length;
        content = Arrays.copyOf(content, before + length);
        System.arraycopy(buffer, 0, content, before, length);
      }
      return content;
    }
  }

  private static int read(Fd file, byte[] buffer) throws ErrnoException {
    long length = Syscalls.libc().read(file.number(), buffer, buffer.length);
    Syscalls.check(length, "read", file.toString());
    return (int) length;
  }

  /** Reads the text of a link; the path is below this directory and trusted. */
  public byte[] readLink(String path) throws ErrnoException {
    byte[] buffer = new byte[FIRST_READ];
    byte[] name = Syscalls.cString(path);
    long length = Syscalls.libc().readlinkat(dir.number(), name, buffer, buffer.length);
    if (length < 0) {
      throw Syscalls.failure("readlinkat", dir + "/" + path);
    }
    return Arrays.copyOf(buffer, (int) length);
  }

  /** Whether a path still leads to this directory, and not to nothing or to a later one. */
  public boolean isAt(Path path) throws IOException {
    return dir.isAt(path);
  }

  @Override
  public void close() throws ErrnoException {
    dir.close();
  }
}
