// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import io.criubridge.core.sys.Fd;
import io.criubridge.core.sys.FileStat;
import io.criubridge.core.sys.Syscalls;
import io.criubridge.core.sys.Xattrs;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * What overlayfs notes on the files of its upper directory. A name is never a mark: {@code .wh.x}
 * is a file that the workload happens to call so. Source: {@code
 * Documentation/filesystems/overlayfs.rst}, {@code fs/overlayfs/overlayfs.h}.
 */
final class OverlayMarks {

  private static final FileStat.Device WHITEOUT = new FileStat.Device(0, 0);
  private static final byte[] YES = {'y'};

  private OverlayMarks() {}

  /** Whether an upper file that the merged tree does not show stands for a deletion. */
  static boolean isWhiteout(Fd upper) throws IOException {
    FileStat stat = Syscalls.fstat(upper);
    return switch (stat.type()) {
      case CHARACTER_DEVICE -> stat.rdev().equals(WHITEOUT);
      case REGULAR ->
          stat.size() == 0
              && (Xattrs.get(upper, "trusted.overlay.whiteout").isPresent()
                  || Xattrs.get(upper, "user.overlay.whiteout").isPresent());
      default -> false;
    };
  }

  /** Whether nothing of the lower layers shows through a directory. */
  static boolean isOpaque(Fd upper, Fd merged) throws IOException {
    return own(upper, merged, "opaque").map(value -> Arrays.equals(value, YES)).orElse(false);
  }

  /** Whether a directory was renamed, so that its lower content is that of another path. */
  static boolean isRedirected(Fd upper, Fd merged) throws IOException {
    return own(upper, merged, "redirect").isPresent();
  }

  /**
   * Whether an upper file may have its content in a lower layer, by its attributes. In the merged
   * tree the overlay's are not to be seen; what a workload set there says nothing of the kind.
   */
  static boolean isMetadataOnly(Map<String, byte[]> xattrs) {
    return xattrs.containsKey("trusted.overlay.metacopy")
        || xattrs.containsKey("user.overlay.metacopy");
  }

  /**
   * An attribute that the overlay itself set. A trusted one is always its own. One of "user." is
   * only its own under the userxattr option, and then hidden in the merged tree; otherwise the
   * workload set it, and could have us delete files by it.
   */
  private static Optional<byte[]> own(Fd upper, Fd merged, String name) throws IOException {
    Optional<byte[]> trusted = Xattrs.get(upper, "trusted.overlay." + name);
    if (trusted.isPresent()) {
      return trusted;
    }
    Optional<byte[]> user = Xattrs.get(upper, "user.overlay." + name);
    return user.isPresent() && Xattrs.get(merged, "user.overlay." + name).isEmpty()
        ? user
        : Optional.empty();
  }
}
