// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.memory;

/**
 * How much of an area the images hold.
 *
 * @param dumped bytes in the images of this dump
 * @param inherited bytes in the images of an earlier dump
 * @param lazy bytes in no image: they stayed with the process that a lazy restore asks
 */
public record AreaPages(MemoryArea area, long dumped, long inherited, long lazy) {

  /** How much of the area was in memory, as far as the images know, in bytes. */
  public long resident() {
    return dumped + inherited + lazy;
  }

  AreaPages plus(Extent extent) {
    if (extent.lazy()) {
      return new AreaPages(area, dumped, inherited, lazy + extent.bytes());
    }
    return extent.inherited()
        ? new AreaPages(area, dumped, inherited + extent.bytes(), lazy)
        : new AreaPages(area, dumped + extent.bytes(), inherited, lazy);
  }
}
