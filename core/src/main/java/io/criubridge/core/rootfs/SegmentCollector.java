// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import io.criubridge.core.rootfs.SparseMap.Segment;
import java.util.ArrayList;
import java.util.List;

/**
 * The data of a file, segment by segment as it is found, in a bounded number of them: where there
 * are more, the shortest holes count as data. What is filled so is in proportion to what the file
 * has, however large its holes are.
 */
final class SegmentCollector {

  /** What may be filled, as a multiple of the data that was found. */
  static final int MAX_FILLED = 3;

  /** The least that file systems allocate, most often. */
  private static final long BLOCK = 4096;

  private final int max;
  private List<Segment> segments = new ArrayList<>();
  private long shortestHole = 1;
  private long found;
  private long filled;

  /**
   * Collects.
   *
   * @param max how many segments there may be, at least 1
   */
  SegmentCollector(int max) {
    this.max = max;
  }

  /** Adds data that is beyond all that was added before. */
  void add(long offset, long length) {
    found += length;
    append(segments, new Segment(offset, length));
    while (segments.size() > max) {
      fillShortHoles();
    }
  }

  /** What was found, no more segments than there may be. */
  List<Segment> segments() {
    return segments;
  }

  /** Whether the holes that had to be filled are out of proportion to the data. */
  boolean isOverfilled() {
    return filled / MAX_FILLED > found;
  }

  /** Each time twice as long as before, so that few rounds suffice. */
  private void fillShortHoles() {
    shortestHole = Math.max(BLOCK, shortestHole) * 2;
    List<Segment> fewer = new ArrayList<>();
    for (Segment segment : segments) {
      append(fewer, segment);
    }
    segments = fewer;
  }

  private void append(List<Segment> list, Segment segment) {
    int last = list.size() - 1;
    if (last >= 0 && segment.offset() - list.get(last).end() < shortestHole) {
      long start = list.get(last).offset();
      filled += segment.offset() - list.get(last).end();
      list.set(last, new Segment(start, segment.end() - start));
    } else {
      list.add(segment);
    }
  }
}
