// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import java.util.ArrayList;
import java.util.List;

/**
 * Rows of numbers, each found by its first one, for archives of millions of entries that must fit
 * into a small heap: there is no object for a row, and what grows is only a list of where each row
 * is. The first number is 64 bits of a keyed hash, {@link SecretHash}, so that nobody can make two
 * rows that are taken for one.
 */
final class HashedRows {

  /** What {@link #find} answers where there is no row. */
  static final int NONE = -1;

  private static final int ROWS_IN_CHUNK = 1 << 10;
  private static final int PLACES_AT_FIRST = 128;

  private final int width;

  /** The rows, in the order in which they were added. */
  private final List<long[]> chunks = new ArrayList<>();

  private int used;

  /**
   * The number of a row, and 1, at the place that the low bits of its hash tell, or at the next one
   * that was free; 0 elsewhere. At most half of it is in use.
   */
  private int[] places = new int[PLACES_AT_FIRST];

  /** Begins with no rows of so many numbers. */
  HashedRows(int width) {
    this.width = width;
  }

  /** How many rows there are; they have the numbers from 0 on, in the order they were added. */
  int size() {
    return used;
  }

  /** The number of a hash's row. */
  int find(long hash) {
    return places[place(hash)] - 1;
  }

  /** Adds a row for a hash that has none; its other numbers are 0. */
  int add(long hash) {
    if ((used + 1) * 2 > places.length) {
      grow();
    }
    int row = used++;
    if (row % ROWS_IN_CHUNK == 0) {
      chunks.add(new long[ROWS_IN_CHUNK * width]);
    }
    places[place(hash)] = row + 1;
    set(row, 0, hash);
    return row;
  }

  long get(int row, int column) {
    return chunks.get(row / ROWS_IN_CHUNK)[row % ROWS_IN_CHUNK * width + column];
  }

  void set(int row, int column, long number) {
    chunks.get(row / ROWS_IN_CHUNK)[row % ROWS_IN_CHUNK * width + column] = number;
  }

  /** Where the number of a hash's row is, or belongs. */
  private int place(long hash) {
    int mask = places.length - 1;
    int at = (int) hash & mask;
    while (places[at] != 0 && get(places[at] - 1, 0) != hash) {
      at = (at + 1) & mask;
    }
    return at;
  }

  private void grow() {
    places = new int[places.length * 2];
    for (int row = 0; row < used; row++) {
      places[place(get(row, 0))] = row + 1;
    }
  }
}
