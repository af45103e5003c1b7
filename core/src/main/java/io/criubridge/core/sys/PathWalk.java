// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.sys;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** The two ways to look a path up below a directory; both end in an O_PATH descriptor. */
enum PathWalk {

  /** The kernel does it. */
  OPENAT2 {
    @Override
    Fd open(Fd root, BytePath path, Resolution how) throws IOException {
      for (int attempt = 1; ; attempt++) {
        try {
          return Syscalls.openat2(root, path, how.openFlags, how.resolveFlags);
        } catch (ErrnoException e) {
          // EAGAIN: something was renamed while the kernel followed a "..".
          if (e.errno() != Errno.EAGAIN || attempt == MAX_ATTEMPTS) {
            throw e;
          }
        }
      }
    }
  },

  /** One component after the other, where openat2(2) is missing or forbidden. */
  COMPONENTS {
    @Override
    Fd open(Fd root, BytePath path, Resolution how) throws IOException {
      try (ComponentWalk walk = new ComponentWalk(root, path, how)) {
        return walk.run();
      }
    }
  };

  private static final int MAX_ATTEMPTS = 64;

  /** Well below PATH_MAX, with the longest component added. */
  private static final int MAX_BYTES = 3_500;

  abstract Fd open(Fd root, BytePath path, Resolution how) throws IOException;

  /** The best way that works from this directory. */
  static PathWalk available(Fd root) throws IOException {
    try (Fd probe = OPENAT2.open(root, BytePath.ROOT, Resolution.STRICT)) {
      return probe.number() >= 0 ? OPENAT2 : COMPONENTS;
    } catch (ErrnoException e) {
      if (e.errno() == Errno.ENOSYS || e.errno() == Errno.EPERM) {
        return COMPONENTS;
      }
      throw e;
    }
  }

  /**
   * As {@link #open} with {@link Resolution#STRICT}, for paths longer than the kernel takes at
   * once: a workload makes those with mkdirat(2).
   */
  Fd openStrict(Fd root, BytePath path) throws IOException {
    List<BytePath> parts = parts(path);
    Fd at = open(root, parts.get(0), Resolution.STRICT);
    for (BytePath part : parts.subList(1, parts.size())) {
      try (Fd above = at) {
        at = open(above, part, Resolution.STRICT);
      }
    }
    return at;
  }

  private static List<BytePath> parts(BytePath path) {
    if (path.bytes().length <= MAX_BYTES) {
      return List.of(path);
    }
    List<BytePath> parts = new ArrayList<>();
    BytePath part = BytePath.ROOT;
    for (byte[] name : path.components()) {
      part = part.resolve(name);
      if (part.bytes().length > MAX_BYTES) {
        parts.add(part);
        part = BytePath.ROOT;
      }
    }
    if (!part.isRoot()) {
      parts.add(part);
    }
    return parts;
  }

  /** The state of a walk by components: where it is, and what is left to look up. */
  private static final class ComponentWalk implements AutoCloseable {
    private static final int MAX_LINKS = 40;

    private final Fd root;
    private final Resolution how;
    private final String subject;
    private final long mountId;
    private final ArrayDeque<Fd> opened = new ArrayDeque<>();
    private final ArrayDeque<String> pending = new ArrayDeque<>();
    private int links;

    ComponentWalk(Fd root, BytePath path, Resolution how) throws IOException {
      this.root = root;
      this.how = how;
      this.subject = root.nameOf(path);
      this.mountId = Syscalls.fstat(root).mountId();
      path.components().forEach(name -> pending.add(latin1(name)));
    }

    Fd run() throws IOException {
      while (!pending.isEmpty()) {
        String name = pending.removeFirst();
        if (name.equals("..")) {
          closeLast();
        } else if (!name.isEmpty() && !name.equals(".")) {
          step(name.getBytes(StandardCharsets.ISO_8859_1));
        }
      }
      return opened.isEmpty()
          ? Syscalls.openat(root, new byte[] {'.'}, Syscalls.O_PATH, 0)
          : opened.removeLast();
    }

    private void step(byte[] name) throws IOException {
      opened.addLast(Syscalls.openat(here(), name, Syscalls.O_PATH, 0));
      FileStat stat = Syscalls.fstat(here());
      boolean leaf = pending.isEmpty();
      if (how == Resolution.STRICT && stat.mountId() != mountId) {
        throw new ErrnoException("openat", Errno.EXDEV, subject);
      }
      boolean follow = how == Resolution.FOLLOW || !leaf;
      if (stat.type() == FileType.SYMLINK && follow) {
        follow();
      } else if (!leaf && !stat.isDirectory()) {
        throw new ErrnoException("openat", Errno.ENOTDIR, subject);
      }
    }

    /**
     * A magic link is followed by its text, below the root as any other, which may find the wrong
     * file of the container but never one outside.
     */
    private void follow() throws IOException {
      if (how == Resolution.STRICT || ++links > MAX_LINKS) {
        throw new ErrnoException("openat", Errno.ELOOP, subject);
      }
      String text = latin1(Syscalls.readlink(here()));
      closeLast();
      while (text.startsWith("/") && !opened.isEmpty()) {
        closeLast();
      }
      String[] names = text.split("/", -1);
      for (int i = names.length - 1; i >= 0; i--) {
        pending.addFirst(names[i]);
      }
    }

    private Fd here() {
      return opened.isEmpty() ? root : opened.getLast();
    }

    private void closeLast() throws IOException {
      if (!opened.isEmpty()) {
        opened.removeLast().close();
      }
    }

    @Override
    public void close() throws IOException {
      while (!opened.isEmpty()) {
        closeLast();
      }
    }

    private static String latin1(byte[] bytes) {
      return new String(bytes, StandardCharsets.ISO_8859_1);
    }
  }
}
