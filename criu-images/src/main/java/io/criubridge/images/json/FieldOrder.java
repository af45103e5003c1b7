// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.json;

import java.util.Arrays;

/**
 * Where the fields of messages that are being made begin, so that they can be put in order. The
 * fields of a message within another are noted after those of the other, and forgotten first.
 */
final class FieldOrder {
  private final WireOutput out;
  private long[] noted = new long[64];
  private int count;

  FieldOrder(WireOutput out) {
    this.out = out;
  }

  /** Where the notes of a new message begin. */
  int begin() {
    return count;
  }

  /** Notes that a field begins here. One that the schema does not have comes after one it has. */
  void note(int number, boolean known) {
    if (count == noted.length) {
      noted = Arrays.copyOf(noted, 2 * count);
    }
    noted[count++] = key(number, known) << 32 | out.length();
  }

  /** Puts the fields of a message in order and forgets them; false if there is one twice. */
  boolean finish(int begin) {
    int end = count;
    count = begin;
    boolean ascending = true;
    for (int i = begin + 1; i < end; i++) {
      ascending &= noted[i - 1] >>> 32 < noted[i] >>> 32;
    }
    return ascending || rearrange(Arrays.copyOfRange(noted, begin, end));
  }

  private boolean rearrange(long[] parts) {
    int start = (int) parts[0];
    byte[] before = Arrays.copyOfRange(out.bytes(), start, out.length());
    int[] ends = new int[parts.length];
    for (int i = 0; i < parts.length; i++) {
      ends[i] = i + 1 < parts.length ? (int) parts[i + 1] : out.length();
    }
    Integer[] order = new Integer[parts.length];
    Arrays.setAll(order, i -> i);
    // Stable: the unknown fields of one number keep their order.
    Arrays.sort(order, (a, b) -> Long.compare(parts[a] >>> 32, parts[b] >>> 32));
    out.truncate(start);
    for (int i = 0; i < order.length; i++) {
      long part = parts[order[i]];
      boolean known = (part >>> 32 & 1) == 0;
      if (i > 0 && known && part >>> 32 == parts[order[i - 1]] >>> 32) {
        return false;
      }
      out.write(before, (int) part - start, ends[order[i]] - (int) part);
    }
    return true;
  }

  private static long key(int number, boolean known) {
    return (long) number << 1 | (known ? 0 : 1);
  }
}
