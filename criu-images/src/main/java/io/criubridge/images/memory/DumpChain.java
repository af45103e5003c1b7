// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.memory;

import io.criubridge.images.ImageFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A dump and, through its {@code parent} link, the one that it is an increment to. Source: CRIU's
 * option {@code --prev-images-dir}, whose value is the link's.
 *
 * @param directory the dump's
 * @param seen the directories from the newest dump to this one, as the file system names them
 */
record DumpChain(Path directory, List<Path> seen) {

  /** CRIU has no limit; this is more pre-dumps than anyone makes. */
  private static final int LONGEST = 1024;

  static DumpChain of(Path directory) throws IOException {
    return new DumpChain(directory, List.of(directory.toRealPath()));
  }

  /**
   * The dump before.
   *
   * @throws ImageFormatException if the link is absolute, which CRIU does not write, leads to
   *     nothing, or in a circle
   */
  Optional<DumpChain> parent() throws IOException {
    Path link = directory.resolve("parent");
    if (!Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    if (Files.isSymbolicLink(link) && Files.readSymbolicLink(link).isAbsolute()) {
      throw wrong(link, "a relative link, as CRIU makes it", Files.readSymbolicLink(link));
    }
    if (!Files.isDirectory(link)) {
      throw wrong(link, "the directory of the dump before", "none");
    }
    Path real = link.toRealPath();
    if (seen.contains(real) || seen.size() >= LONGEST) {
      throw wrong(link, "the directory of the dump before", real + " again, or too many");
    }
    List<Path> more = new ArrayList<>(seen);
    more.add(real);
    return Optional.of(new DumpChain(real, more));
  }

  private static ImageFormatException wrong(Path link, String expected, Object found) {
    return new ImageFormatException(link, 0, expected, found.toString());
  }
}
