// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.sys;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** A path with its links resolved by their text, as if the root were the root of everything. */
final class RealPath {

  private static final int MAX_LINKS = 40;
  private static final String SLASH = "/";

  private RealPath() {}

  /** Looks at one path whose parents are no links. */
  @FunctionalInterface
  interface Links {
    /** The text of the link that is there; empty if it is something else, or nothing. */
    Optional<byte[]> read(BytePath path) throws IOException;
  }

  static BytePath of(BytePath path, Links links) throws IOException {
    Deque<String> pending = new ArrayDeque<>();
    path.components().forEach(name -> pending.add(new String(name, ISO_8859_1)));
    BytePath at = BytePath.ROOT;
    int followed = 0;
    while (!pending.isEmpty()) {
      String name = pending.removeFirst();
      if (name.equals("..")) {
        at = at.parent();
        continue;
      }
      BytePath next = at.append(BytePath.ofLatin1(name));
      Optional<byte[]> link = links.read(next);
      if (link.isEmpty()) {
        at = next;
        continue;
      }
      if (++followed > MAX_LINKS) {
        throw new ErrnoException("readlinkat", Errno.ELOOP, path.toString());
      }
      String text = new String(link.get(), ISO_8859_1);
      at = text.startsWith(SLASH) ? BytePath.ROOT : at;
      String[] names = text.split(SLASH, -1);
      for (int i = names.length - 1; i >= 0; i--) {
        pending.addFirst(names[i]);
      }
    }
    return at;
  }
}
