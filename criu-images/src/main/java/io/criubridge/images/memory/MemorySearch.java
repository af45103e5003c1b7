// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.memory;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.regex.Matcher;

/**
 * Finds a pattern in bytes that come in pieces, with a window over them: a match may lie across
 * pieces, pages and areas, as long as the addresses go on. Matches do not overlap. Call {@link
 * #finish()} after the last piece.
 */
public final class MemorySearch implements MemorySink {
  private static final int WINDOW = 1 << 16;

  private final BytePattern pattern;
  private final Found found;
  private final byte[] window = new byte[WINDOW];

  /** How much of the window is filled. */
  private int length;

  /** Where in the window the search goes on; what is before is there to be looked back at. */
  private int searched;

  /** The address of the window's first byte. */
  private long start;

  /** Takes matches. */
  @FunctionalInterface
  public interface Found {
    /** Takes a match. */
    void accept(long address, ByteString bytes) throws IOException;
  }

  /** Prepares a search. */
  public MemorySearch(BytePattern pattern, Found found) {
    this.pattern = pattern;
    this.found = found;
  }

  @Override
  public void accept(long address, ByteBuffer bytes) throws IOException {
    if (length > 0 && address != start + length) {
      finish();
    }
    if (length == 0) {
      start = address;
    }
    while (bytes.hasRemaining()) {
      if (length == WINDOW) {
        search(false);
        slide();
      }
      int count = Math.min(bytes.remaining(), WINDOW - length);
      bytes.get(window, length, count);
      length += count;
    }
  }

  /** Looks through what is left. */
  public void finish() throws IOException {
    search(true);
    length = 0;
    searched = 0;
  }

  private void search(boolean last) throws IOException {
    Matcher matcher = pattern.in(new Bytes(window, 0, length));
    try {
      while (searched <= length && matcher.region(searched, length).find()) {
        boolean mayGoOn = !last && matcher.hitEnd();
        if (mayGoOn && length - matcher.start() < BytePattern.LONGEST_MATCH) {
          searched = matcher.start();
          return;
        }
        report(
            matcher.start(), Math.min(matcher.end(), matcher.start() + BytePattern.LONGEST_MATCH));
      }
    } catch (StackOverflowError e) {
      throw new IOException(
          "the regular expression needs too much stack: make its repetitions possessive, (..)*+",
          e);
    }
    // A match may begin near the end that only later bytes complete.
    searched = Math.max(searched, length - BytePattern.LONGEST_MATCH + 1);
  }

  private void report(int from, int to) throws IOException {
    if (to > from) {
      found.accept(start + from, ByteString.copyFrom(window, from, to - from));
    }
    // An empty match is none, and must not be found for ever.
    searched = to > from ? to : to + 1;
  }

  /** Drops what no match can need, but for one byte to look back at. */
  private void slide() {
    int dropped = Math.max(0, searched - 1);
    System.arraycopy(window, dropped, window, 0, length - dropped);
    start += dropped;
    length -= dropped;
    searched -= dropped;
  }

  /** Bytes as characters. */
  private static final class Bytes implements CharSequence {
    private final byte[] array;
    private final int from;
    private final int to;

    Bytes(byte[] array, int from, int to) {
      this.array = array;
      this.from = from;
      this.to = to;
    }

    @Override
    public int length() {
      return to - from;
    }

    @Override
    public char charAt(int index) {
      return (char) (array[from + index] & 0xff);
    }

    @Override
    public CharSequence subSequence(int first, int end) {
      return new Bytes(array, from + first, from + end);
    }

    @Override
    public String toString() {
      return new String(array, from, to - from, ISO_8859_1);
    }
  }
}
