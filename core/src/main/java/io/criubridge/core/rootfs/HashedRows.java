// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

/**
 * Rows of numbers, each found by its first one, in one plain array of which at most half is in use:
 * archives hold millions of entries, which must fit into a small heap. The first number is 64 bits
 * of a keyed hash, {@link SecretHash}, so that nobody can make two rows that are taken for one.
 */
final class HashedRows {

  /** What {@link #find} and {@link #next} answer where there is no row. */
  static final int NONE = -1;

  private static final int ROWS_AT_FIRST = 64;

  private final int width;
  private long[] numbers;
  private int used;

  /** Begins with no rows of so many numbers. */
  HashedRows(int width) {
    this.width = width;
    this.numbers = new long[width * ROWS_AT_FIRST];
  }

  /** How many rows there are. */
  int size() {
    return used;
  }

  /** Finds the row of a hash; it is there until the next {@link #add}. */
  int find(long hash) {
    int row = place(hash);
    return numbers[row] == 0 ? NONE : row;
  }

  /** Adds a row for a hash that has none; its other numbers are 0. */
  int add(long hash) {
    if ((used + 1) * 2 * width > numbers.length) {
      grow();
    }
    int row = place(hash);
    used++;
    numbers[row] = hash;
    return row;
  }

  long get(int row, int column) {
    return numbers[row + column];
  }

  void set(int row, int column, long number) {
    numbers[row + column] = number;
  }

  /** Goes through all rows, in no order: the one after another, or after {@link #NONE}. */
  int next(int row) {
    for (int at = row == NONE ? 0 : row + width; at < numbers.length; at += width) {
      if (numbers[at] != 0) {
        return at;
      }
    }
    return NONE;
  }

  /** Where a hash is, or belongs. */
  private int place(long hash) {
    int mask = numbers.length / width - 1;
    int at = (int) hash & mask;
    while (numbers[at * width] != 0 && numbers[at * width] != hash) {
      at = (at + 1) & mask;
    }
    return at * width;
  }

  private void grow() {
    long[] before = numbers;
    numbers = new long[before.length * 2];
    for (int at = 0; at < before.length; at += width) {
      if (before[at] != 0) {
        System.arraycopy(before, at, numbers, place(before[at]), width);
      }
    }
  }
}
