// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Reads the sparse map that precedes the data, see {@link SparseMap#gnuText}. */
final class GnuSparseText {

  /** Bounds what a hostile map takes of memory. */
  static final int MAX_NUMBERS = 1 << 21;

  /** Gives the next 512 bytes of the member's data. */
  @FunctionalInterface
  interface Blocks {
    byte[] next() throws IOException;
  }

  private final Blocks blocks;
  private byte[] block = {};
  private int at;

  GnuSparseText(Blocks blocks) {
    this.blocks = blocks;
  }

  /**
   * Reads the pairs, and what pads them.
   *
   * @throws IllegalArgumentException if the map is damaged or too long
   */
  List<Long> read() throws IOException {
    long segments = readNumber();
    if (segments > MAX_NUMBERS / 2) {
      throw new IllegalArgumentException("sparse map of " + segments + " segments");
    }
    List<Long> pairs = new ArrayList<>();
    for (long i = 0; i < 2 * segments; i++) {
      pairs.add(readNumber());
    }
    return pairs;
  }

  private long readNumber() throws IOException {
    long number = 0;
    for (int digits = 0; ; digits++) {
      if (at == block.length) {
        block = blocks.next();
        at = 0;
      }
      byte next = block[at++];
      if (next == '\n' && digits > 0) {
        return number;
      }
      if (next < '0' || next > '9' || digits == 18) {
        throw new IllegalArgumentException("sparse map is damaged");
      }
      number = 10 * number + (next - '0');
    }
  }
}
