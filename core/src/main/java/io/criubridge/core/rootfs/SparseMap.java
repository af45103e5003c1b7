// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a file has data; the rest of it are holes.
 *
 * @param size the file's length in bytes
 * @param segments the data, ascending, not empty, not overlapping
 */
record SparseMap(long size, List<Segment> segments) {

  /** Bytes from {@code offset} on, {@code length} of them. */
  record Segment(long offset, long length) {
    long end() {
      return offset + length;
    }
  }

  static final SparseMap EMPTY = new SparseMap(0, List.of());

  /**
   * Checks the order.
   *
   * @throws IllegalArgumentException if the segments are not as described
   */
  SparseMap {
    segments = SegmentList.copyOf(segments);
    long at = 0;
    for (Segment segment : segments) {
      if (segment.offset() < at || segment.length() <= 0 || segment.length() > size) {
        throw new IllegalArgumentException("data at " + segment.offset() + " is out of order");
      }
      at = segment.end();
      if (at < 0 || at > size) {
        throw new IllegalArgumentException("data at " + segment.offset() + " is beyond the end");
      }
    }
    if (size < 0) {
      throw new IllegalArgumentException("size " + size);
    }
  }

  /** A file without holes. */
  static SparseMap dense(long size) {
    return size == 0 ? EMPTY : new SparseMap(size, List.of(new Segment(0, size)));
  }

  /**
   * A map from pairs of offset and length, as archives hold them: with empty segments, which only
   * mark the end.
   */
  static SparseMap ofPairs(long size, List<Long> pairs) {
    List<Segment> segments = new ArrayList<>();
    for (int i = 0; i < pairs.size(); i += 2) {
      if (i + 1 == pairs.size()) {
        throw new IllegalArgumentException("an offset without a length");
      }
      if (pairs.get(i + 1) != 0) {
        segments.add(new Segment(pairs.get(i), pairs.get(i + 1)));
      }
    }
    return new SparseMap(size, segments);
  }

  boolean hasHoles() {
    return dataBytes() != size;
  }

  boolean endsInHole() {
    return size > (segments.isEmpty() ? 0 : segments.get(segments.size() - 1).end());
  }

  long dataBytes() {
    long sum = 0;
    for (Segment segment : segments) {
      sum += segment.length();
    }
    return sum;
  }

  /**
   * The map as it precedes the data, not padded. GNU tar wants an empty segment at the end of a
   * file that ends in a hole. Source: GNU tar manual, "Storing Sparse Files", version 1.0.
   */
  byte[] gnuText() {
    boolean mark = segments.isEmpty() || endsInHole();
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    write(text, (segments.size() + (mark ? 1 : 0)) + "\n");
    for (Segment segment : segments) {
      write(text, segment.offset() + "\n" + segment.length() + "\n");
    }
    if (mark) {
      write(text, size + "\n0\n");
    }
    return text.toByteArray();
  }

  private static void write(ByteArrayOutputStream text, String numbers) {
    text.writeBytes(numbers.getBytes(US_ASCII));
  }
}
