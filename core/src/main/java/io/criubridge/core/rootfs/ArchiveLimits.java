// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

/**
 * What an archive may ask for at most. Names, links and pax headers have fixed limits besides: 64
 * KiB, 1 MiB for all records of an entry, and 64 KiB for the global ones in force.
 *
 * @param entries headers, those that only describe others too
 * @param bytes length of the archive, decompressed: so much at most is written
 */
public record ArchiveLimits(long entries, long bytes) {

  /** More than any container that was seen, and less than what would keep a node busy for days. */
  public static final ArchiveLimits DEFAULT = new ArchiveLimits(20_000_000, 1L << 40);
}
