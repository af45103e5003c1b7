// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import io.criubridge.core.sys.BytePath;
import java.io.IOException;

/** An archive, or one of its entries, that is damaged, hostile or of a form not read here. */
public final class TarFormatException extends IOException {
  private static final long serialVersionUID = 1L;
  private static final int MAX_REASON = 200;

  /**
   * Refuses an entry.
   *
   * @param entry its name in the archive, one char per byte
   */
  TarFormatException(String entry, String reason) {
    super("archive entry '" + BytePath.printable(entry) + "': " + forPeople(reason));
  }

  /** Refuses the archive at an offset in bytes. */
  TarFormatException(long offset, String reason) {
    super("archive offset " + offset + ": " + forPeople(reason));
  }

  private TarFormatException(String message, TarFormatException cause) {
    super(message, cause);
  }

  /** The same, saying how many entries had been put in place before. */
  TarFormatException after(long applied) {
    return new TarFormatException(getMessage() + ", after " + applied + " entries", this);
  }

  /** A reason may quote the archive, which may hold anything of any length. */
  private static String forPeople(String reason) {
    return BytePath.printable(reason.substring(0, Math.min(reason.length(), MAX_REASON)));
  }
}
