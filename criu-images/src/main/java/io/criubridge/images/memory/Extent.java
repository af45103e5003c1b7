// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.memory;

import java.nio.file.Path;

/**
 * Neighbouring pages from one place.
 *
 * @param start the address of the first; in shared memory, the offset
 * @param end the address after the last
 * @param pages the file that holds them, or where it would be
 * @param offset where in that file, in bytes
 * @param lazy whether they are in no file: they stayed with the process that lazy restore asks
 * @param inherited whether they are in the images of an earlier dump
 */
record Extent(long start, long end, Path pages, long offset, boolean lazy, boolean inherited) {

  /** The part between two addresses, both of which are in the extent or at its end. */
  Extent part(long from, long to) {
    return new Extent(from, to, pages, offset + (from - start), lazy, inherited);
  }

  /** The same pages, counted from another address. */
  Extent moved(long distance) {
    return new Extent(start + distance, end + distance, pages, offset, lazy, inherited);
  }

  Extent ofParent() {
    return new Extent(start, end, pages, offset, lazy, true);
  }

  long bytes() {
    return end - start;
  }
}
