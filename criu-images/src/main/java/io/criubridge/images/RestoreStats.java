// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images;

import io.criubridge.images.proto.restore_stats_entry;
import java.time.Duration;
import java.time.temporal.ChronoUnit;

/**
 * What CRIU measured of a restore. Source: images/stats.proto, criu/stats.c, which counts
 * microseconds.
 *
 * @param forking how long it took to make the processes
 * @param restoring how long all of it took
 * @param pagesCompared pages that could have been shared with the parent process
 * @param pagesShared pages that are
 * @param pagesRestored pages filled
 */
public record RestoreStats(
    Duration forking,
    Duration restoring,
    long pagesCompared,
    long pagesShared,
    long pagesRestored) {

  static RestoreStats of(restore_stats_entry entry) {
    return new RestoreStats(
        micros(entry.getForkingTime()),
        micros(entry.getRestoreTime()),
        entry.getPagesCompared(),
        entry.getPagesSkippedCow(),
        entry.getPagesRestored());
  }

  private static Duration micros(int unsigned) {
    return Duration.of(Integer.toUnsignedLong(unsigned), ChronoUnit.MICROS);
  }
}
