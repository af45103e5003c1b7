// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images;

import io.criubridge.images.proto.dump_stats_entry;
import java.time.Duration;
import java.time.temporal.ChronoUnit;

/**
 * What CRIU measured of a dump. Source: images/stats.proto, criu/stats.c, which counts
 * microseconds.
 *
 * @param freezing how long it took until all processes stood still
 * @param frozen how long they stood still
 * @param memoryDump how long it took to collect the memory
 * @param memoryWrite how long it took to write the memory
 * @param pagesScanned pages of memory looked at
 * @param pagesSkipped pages not written, because an earlier dump holds them
 * @param pagesWritten pages written
 */
public record DumpStats(
    Duration freezing,
    Duration frozen,
    Duration memoryDump,
    Duration memoryWrite,
    long pagesScanned,
    long pagesSkipped,
    long pagesWritten) {

  static DumpStats of(dump_stats_entry entry) {
    return new DumpStats(
        micros(entry.getFreezingTime()),
        micros(entry.getFrozenTime()),
        micros(entry.getMemdumpTime()),
        micros(entry.getMemwriteTime()),
        entry.getPagesScanned(),
        entry.getPagesSkippedParent(),
        entry.getPagesWritten());
  }

  private static Duration micros(int unsigned) {
    return Duration.of(Integer.toUnsignedLong(unsigned), ChronoUnit.MICROS);
  }
}
