// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;

/**
 * A stream with a window of bytes ahead. The window grows as bytes arrive and never because
 * somebody wants many.
 */
final class ImageInput implements Closeable {
  private static final int FIRST_WINDOW_BYTES = 16 << 10;

  private final InputStream in;
  private byte[] window = new byte[FIRST_WINDOW_BYTES];
  private int start;
  private int end;
  private long offset;

  ImageInput(InputStream in) {
    this.in = in;
  }

  /** The window's array, until the next call that reads. */
  byte[] bytes() {
    return window;
  }

  /** Where in the array the next byte is. */
  int start() {
    return start;
  }

  /** Where in the stream the next byte is. */
  long offset() {
    return offset;
  }

  /** Sees to it that so many bytes are in the window, or all there are; returns how many. */
  int ahead(int wanted) throws IOException {
    while (end - start < wanted) {
      makeRoom(wanted);
      int count = in.read(window, end, window.length - end);
      if (count < 0) {
        return end - start;
      }
      end += count;
    }
    return wanted;
  }

  /** Steps over bytes of the window. */
  void advance(int count) {
    start += count;
    offset += count;
  }

  /** Reads as {@link InputStream#read(byte[], int, int)} does. */
  int read(byte[] bytes, int from, int length) throws IOException {
    int count;
    if (start < end) {
      count = Math.min(length, end - start);
      System.arraycopy(window, start, bytes, from, count);
      start += count;
    } else {
      count = in.read(bytes, from, length);
    }
    if (count > 0) {
      offset += count;
    }
    return count;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private void makeRoom(int wanted) {
    if (start + wanted <= window.length) {
      return;
    }
    boolean full = end - start == window.length;
    byte[] next =
        full ? new byte[(int) Math.min(2L * window.length, Integer.MAX_VALUE - 8)] : window;
    System.arraycopy(window, start, next, 0, end - start);
    end -= start;
    start = 0;
    window = next;
  }
}
