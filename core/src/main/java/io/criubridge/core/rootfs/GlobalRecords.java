// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What global headers said so far, for all members after them; of several records with one key the
 * last counts. Source: POSIX pax, "pax Extended Header", type g.
 */
final class GlobalRecords {

  /**
   * Bytes of keys and values that an archive may have in force at once. Archivers write a comment
   * or an owner there; each member's headers are read in the light of all of it.
   */
  static final int MAX = 1 << 16;

  private final SortedMap<String, byte[]> records = new TreeMap<>();
  private int bytes;

  /**
   * Adds those of one more header.
   *
   * @param entry the header's name, one char per byte
   * @throws TarFormatException if the header is damaged, or more than {@link #MAX} bytes are in
   *     force with it
   */
  void add(byte[] body, String entry) throws TarFormatException {
    SortedMap<String, byte[]> more;
    try {
      more = PaxRecords.decode(body);
    } catch (IllegalArgumentException e) {
      throw new TarFormatException(entry, String.valueOf(e.getMessage()));
    }
    for (Map.Entry<String, byte[]> record : more.entrySet()) {
      byte[] replaced = records.put(record.getKey(), record.getValue());
      bytes += record.getValue().length;
      bytes -= replaced == null ? -record.getKey().length() : replaced.length;
    }
    if (bytes > MAX) {
      String reason = "global records of " + bytes + " bytes with those before it, of at most ";
      throw new TarFormatException(entry, reason + MAX);
    }
  }

  /** The records in force; a view. */
  SortedMap<String, byte[]> all() {
    return Collections.unmodifiableSortedMap(records);
  }
}
