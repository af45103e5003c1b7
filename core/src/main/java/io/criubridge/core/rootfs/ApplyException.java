// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.Errno;
import io.criubridge.core.sys.ErrnoException;
import java.io.IOException;

/** A step of a restore that failed: at which path, and how far it had got. */
public final class ApplyException extends IOException {
  private static final long serialVersionUID = 1L;

  private final String place;
  private final long done;

  private ApplyException(String place, String done, long count, IOException cause) {
    super(
        place + ", after " + count + " " + done + ": " + cause.getMessage() + advice(cause), cause);
    this.place = place;
    this.done = count;
  }

  /** What the errors mean that come of looking paths up strictly, and of restoring privileges. */
  private static String advice(IOException cause) {
    if (!(cause instanceof ErrnoException failure)) {
      return "";
    }
    return switch (failure.errno()) {
      case Errno.EPERM ->
          ": it takes root with all capabilities, and nothing there with chattr +i or +a";
      case Errno.EXDEV, Errno.EBUSY -> ": a mount is there, unmount it first";
      case Errno.ELOOP -> ": a symbolic link is there, and none is followed";
      default -> "";
    };
  }

  /** An entry of an archive that could not be put in place. */
  static ApplyException ofEntry(BytePath entry, long applied, IOException cause) {
    return new ApplyException("apply " + entry, "entries", applied, cause);
  }

  /** A path that could not be deleted, or a directory that could not be cleared. */
  static ApplyException ofPath(String what, BytePath path, long done, IOException cause) {
    return new ApplyException(what + " " + path, "paths", done, cause);
  }

  /** The same failure of an entry, with the count that is known now that all threads have ended. */
  ApplyException after(long entries) {
    IOException cause = getCause() instanceof IOException e ? e : this;
    return new ApplyException(place, "entries", entries, cause);
  }

  /** How many entries had been put in place before, or paths deleted. */
  public long done() {
    return done;
  }
}
