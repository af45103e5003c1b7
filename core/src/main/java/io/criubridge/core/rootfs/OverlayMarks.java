// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import io.criubridge.core.sys.Fd;
import io.criubridge.core.sys.FileStat;
import io.criubridge.core.sys.Syscalls;
import io.criubridge.core.sys.Xattrs;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What overlayfs notes on the files of its upper directory. A name is never a mark: {@code .wh.x}
 * is a file that the workload happens to call so. Source: {@code
 * Documentation/filesystems/overlayfs.rst}, {@code fs/overlayfs/overlayfs.h}.
 */
final class OverlayMarks {

  private static final FileStat.Device WHITEOUT = new FileStat.Device(0, 0);
  private static final byte[] YES = {'y'};
  private static final String TRUSTED = "trusted.overlay.";
  private static final String USER = "user.overlay.";

  /** What it notes on files that have their content. */
  private static final Set<String> ON_FILES =
      Set.of(TRUSTED + "origin", TRUSTED + "nlink", TRUSTED + "protattr");

  private OverlayMarks() {}

  /** Whether an upper file that the merged tree does not show stands for a deletion. */
  static boolean isWhiteout(Fd upper) throws IOException {
    FileStat stat = Syscalls.fstat(upper);
    return switch (stat.type()) {
      case CHARACTER_DEVICE -> stat.rdev().equals(WHITEOUT);
      case REGULAR ->
          stat.size() == 0
              && (Xattrs.get(upper, TRUSTED + "whiteout").isPresent()
                  || Xattrs.get(upper, USER + "whiteout").isPresent());
      default -> false;
    };
  }

  /** Whether nothing of the lower layers shows through a directory. */
  static boolean isOpaque(Fd upper, Fd merged) throws IOException {
    return own(upper, merged, "opaque").map(value -> Arrays.equals(value, YES)).orElse(false);
  }

  /** Whether a directory of a layer, which is nobody's upper one any more, is opaque. */
  static boolean hidesLayersBelow(Fd directory) throws IOException {
    for (String prefix : List.of(TRUSTED, USER)) {
      if (Arrays.equals(Xattrs.get(directory, prefix + "opaque").orElse(null), YES)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a directory was renamed, so that its lower content is that of another path. */
  static boolean isRedirected(Fd upper, Fd merged) throws IOException {
    return own(upper, merged, "redirect").isPresent();
  }

  /** Whether it is noted on an upper file which lower one it comes from. */
  static boolean hasOrigin(Fd upper, Fd merged) throws IOException {
    return own(upper, merged, "origin").isPresent();
  }

  /**
   * What the merged tree shows of an upper file's attributes, told without a look at it. Absent
   * where it takes one: the content may be in a lower layer, or the workload has attributes that
   * are called like an overlay's, which the upper file has under other names.
   */
  static Optional<SortedMap<String, byte[]>> shown(SortedMap<String, byte[]> upper) {
    if (upper.isEmpty()) {
      return Optional.of(upper);
    }
    SortedMap<String, byte[]> shown = new TreeMap<>(upper);
    shown.keySet().removeAll(ON_FILES);
    boolean others = shown.keySet().stream().anyMatch(OverlayMarks::isLikeAMark);
    return others ? Optional.empty() : Optional.of(shown);
  }

  /** Whether an attribute is called like an overlay's. */
  static boolean isLikeAMark(String name) {
    return name.startsWith(TRUSTED) || name.startsWith(USER);
  }

  /** An attribute that the overlay itself set: a trusted one, or with userxattr a user's. */
  private static Optional<byte[]> own(Fd upper, Fd merged, String name) throws IOException {
    Optional<byte[]> trusted = own(upper, merged, TRUSTED, name);
    return trusted.isPresent() ? trusted : own(upper, merged, USER, name);
  }

  /**
   * An attribute of one prefix that the overlay itself set. Those that the workload set are all to
   * be seen in the merged tree: under the names that the upper side has, if the overlay uses the
   * other prefix, else escaped there. So the upper side has more of them only if it has the
   * overlay's own.
   */
  private static Optional<byte[]> own(Fd upper, Fd merged, String prefix, String name)
      throws IOException {
    Optional<byte[]> value = Xattrs.get(upper, prefix + name);
    return value.isPresent() && count(upper, prefix) > count(merged, prefix)
        ? value
        : Optional.empty();
  }

  private static long count(Fd file, String prefix) throws IOException {
    return Xattrs.names(file).stream().filter(name -> name.startsWith(prefix)).count();
  }
}
