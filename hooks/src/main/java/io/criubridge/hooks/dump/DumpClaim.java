// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.dump;

import io.criubridge.core.sys.DirectoryLock;
import io.criubridge.core.sys.ErrnoException;
import io.criubridge.hooks.DirectoryInUse;
import io.criubridge.hooks.Report;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Keeps other runs out of the image directory until this process ends: of two dumps at once into
 * one directory CRIU would mix the images, and a worker that still settles a failed dump would take
 * what the next one makes for what it has to remove.
 */
public final class DumpClaim {

  /** How long an earlier run's worker may take to settle it. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final long LOOK_EVERY_MILLIS = 20;

  private boolean settled;

  /** Never closed: what holds the directory is this process. */
  private Optional<DirectoryLock> lock = Optional.empty();

  private DumpClaim(boolean settled) {
    this.settled = settled;
  }

  /** A directory that nobody has claimed yet. */
  public static DumpClaim toBeTaken() {
    return new DumpClaim(false);
  }

  /** One that the caller of the phases has locked. */
  public static DumpClaim ofCaller() {
    return new DumpClaim(true);
  }

  /**
   * Claims the directory, if that has not been done.
   *
   * @throws DirectoryInUse if another has it, and does not come to an end
   */
  void take(Path directory, Report report) throws IOException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!settled) {
      try {
        lock = DirectoryLock.tryLock(directory);
        settled = lock.isPresent();
      } catch (ErrnoException e) {
        if (!DirectoryLock.isUnsupported(e)) {
          throw e;
        }
        report.line(
            "%s cannot be locked (%s): make no other checkpoint there meanwhile",
            directory, e.getMessage());
        settled = true;
      }
      if (!settled) {
        await(directory, end);
      }
    }
  }

  private static void await(Path directory, long end) throws IOException {
    if (System.nanoTime() > end) {
      throw new DirectoryInUse(directory);
    }
    try {
      Thread.sleep(LOOK_EVERY_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException(
          directory + ": interrupted while another run was at work there");
    }
  }
}
