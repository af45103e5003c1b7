// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.memory;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where the pages of an area are looked for: among the process's own, and then, where it has none,
 * in what it shares.
 */
final class PageLayers implements Closeable {
  private final List<Layer> layers = new ArrayList<>();

  /**
   * A pagemap.
   *
   * @param distance from its addresses to those of the process
   */
  private record Layer(PageCursor cursor, long distance, boolean ours) {
    Optional<Extent> next(long from, long to) throws IOException {
      return cursor.next(from - distance, to - distance).map(extent -> extent.moved(distance));
    }
  }

  /** Takes one extent after the other. */
  @FunctionalInterface
  interface Sink {
    void accept(Extent extent) throws IOException;
  }

  /** Adds the process's own pages; the cursor stays the caller's. */
  void add(PageCursor cursor) {
    layers.add(new Layer(cursor, 0, false));
  }

  /** Adds shared memory; the cursor is closed with the layers. */
  void addShared(PageCursor cursor, long distance) {
    layers.add(new Layer(cursor, distance, true));
  }

  /** Gives all pages between two addresses, upwards. */
  void walk(long from, long to, Sink sink) throws IOException {
    walk(0, from, to, sink);
  }

  @Override
  public void close() throws IOException {
    for (Layer layer : layers) {
      if (layer.ours()) {
        layer.cursor().close();
      }
    }
  }

  private void walk(int index, long from, long to, Sink sink) throws IOException {
    if (index == layers.size()) {
      return;
    }
    for (long at = from; Long.compareUnsigned(at, to) < 0; ) {
      Optional<Extent> extent = layers.get(index).next(at, to);
      long gapEnd = extent.map(Extent::start).orElse(to);
      if (Long.compareUnsigned(at, gapEnd) < 0) {
        walk(index + 1, at, gapEnd, sink);
      }
      if (extent.isEmpty()) {
        return;
      }
      sink.accept(extent.get());
      at = extent.get().end();
    }
  }

  static long max(long first, long second) {
    return Long.compareUnsigned(first, second) < 0 ? second : first;
  }

  static long min(long first, long second) {
    return Long.compareUnsigned(first, second) < 0 ? first : second;
  }
}
