// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import io.criubridge.core.rootfs.SparseMap.Segment;
import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;

/** Segments that cannot be changed, as bare numbers: a file may have a million of them. */
final class SegmentList extends AbstractList<Segment> implements RandomAccess {

  private final long[] offsets;
  private final long[] lengths;

  private SegmentList(List<Segment> segments) {
    int count = segments.size();
    this.offsets = new long[count];
    this.lengths = new long[count];
    for (int i = 0; i < count; i++) {
      offsets[i] = segments.get(i).offset();
      lengths[i] = segments.get(i).length();
    }
  }

  static List<Segment> copyOf(List<Segment> segments) {
    // One object more would be most of what a file without holes takes.
    return segments.size() > 1 ? new SegmentList(segments) : List.copyOf(segments);
  }

  @Override
  public Segment get(int index) {
    return new Segment(offsets[index], lengths[index]);
  }

  @Override
  public int size() {
    return offsets.length;
  }
}
