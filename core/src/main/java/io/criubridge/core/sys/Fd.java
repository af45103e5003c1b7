// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.sys;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A file descriptor, closed exactly once, that knows for messages what it was opened as. */
public final class Fd implements AutoCloseable {

  private static final byte[] SELF = {};

  private final int number;
  private final String root;
  private final BytePath directory;
  private final byte[] name;
  private final boolean pathOnly;
  private @Nullable BytePath path;
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * Takes over a descriptor.
   *
   * @param root the host path that {@code path} is below
   * @param flags what it was opened with
   */
  Fd(int number, String root, BytePath path, int flags) {
    this(number, root, path, SELF, flags);
  }

  private Fd(int number, String root, BytePath directory, byte[] name, int flags) {
    this.number = number;
    this.root = root;
    this.directory = directory;
    this.name = name;
    this.pathOnly = (flags & Syscalls.O_PATH) != 0;
  }

  /** Put together only when asked for: most descriptors never appear in a message. */
  private BytePath path() {
    BytePath whole = path;
    if (whole == null) {
      whole = name.length == 0 ? directory : directory.resolve(name);
      path = whole;
    }
    return whole;
  }

  /** An entry of this directory, as yet another descriptor. */
  Fd child(int childNumber, byte[] name, int flags) {
    boolean same = name.length == 0 || (name.length == 1 && name[0] == '.');
    return new Fd(childNumber, root, path(), same ? SELF : name, flags);
  }

  /** The directory that this one is in, as yet another descriptor. */
  Fd parent(int parentNumber, int flags) {
    return new Fd(parentNumber, root, path().parent(), flags);
  }

  /** Something below this directory, as yet another descriptor. */
  Fd descendant(int number, BytePath below, int flags) {
    return new Fd(number, root, join(below), flags);
  }

  /** Whether it was opened with O_PATH, and can neither be read nor asked for attributes. */
  boolean isPathOnly() {
    return pathOnly;
  }

  /** The number, for a system call. */
  int number() {
    if (closed.get()) {
      throw new IllegalStateException("closed: " + this);
    }
    return number;
  }

  /**
   * The link in {@code /proc} to the very file that is open here, so that it can be opened once
   * more, for reading say, without looking up any name.
   */
  public Path procPath() {
    return Path.of("/proc/self/fd/" + number());
  }

  /** As {@link #procPath}, as a C string. */
  byte[] procName() {
    return Syscalls.cString("/proc/self/fd/" + number());
  }

  /** Whether a path still leads to this very file, and not to nothing or to a later one. */
  boolean isAt(Path path) throws IOException {
    try (Fd other = Syscalls.open(path, Syscalls.O_PATH)) {
      FileStat here = Syscalls.fstat(this);
      FileStat there = Syscalls.fstat(other);
      return here.ino() == there.ino() && here.device().equals(there.device());
    } catch (ErrnoException e) {
      if (e.errno() == Errno.ENOENT) {
        return false;
      }
      throw e;
    }
  }

  /** What an entry of this directory is called in messages. */
  String nameOf(byte[] name) {
    return nameOf(BytePath.of(name));
  }

  String nameOf(BytePath below) {
    return display(join(below));
  }

  /** Where this file is, as a path of the host, for messages. */
  @Override
  public String toString() {
    return display(path());
  }

  @Override
  public void close() throws ErrnoException {
    if (closed.compareAndSet(false, true)) {
      Syscalls.close(number, this);
    }
  }

  private BytePath join(BytePath below) {
    BytePath joined = path();
    for (byte[] name : below.components()) {
      joined = joined.resolve(name);
    }
    return joined;
  }

  private String display(BytePath at) {
    return at.isRoot() ? root : (root.equals("/") ? "" : root) + at;
  }
}
