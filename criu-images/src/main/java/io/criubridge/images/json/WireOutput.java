// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.json;

import java.util.Arrays;

/** Bytes of a message that is being made. */
final class WireOutput {
  private static final int LONGEST_VARINT = 10;

  private byte[] bytes = new byte[4096];
  private int end;

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return end;
  }

  void truncate(int length) {
    end = length;
  }

  void varint(long value) {
    room(LONGEST_VARINT);
    if ((value & ~0x7fL) == 0) {
      bytes[end++] = (byte) value;
      return;
    }
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      bytes[end++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[end++] = (byte) rest;
  }

  void fixed(long value, int width) {
    room(width);
    for (int i = 0; i < width; i++) {
      bytes[end++] = (byte) (value >>> (8 * i));
    }
  }

  void write(byte[] from, int start, int length) {
    room(length);
    System.arraycopy(from, start, bytes, end, length);
    end += length;
  }

  /** Puts the length of all that was written since a place before it. */
  void prefixLength(int start) {
    int length = end - start;
    int size = 1;
    for (int rest = length >>> 7; rest != 0; rest >>>= 7) {
      size++;
    }
    room(size);
    System.arraycopy(bytes, start, bytes, start + size, length);
    end = start;
    varint(length);
    end = start + size + length;
  }

  private void room(int more) {
    if (bytes.length - end < more) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, end + more));
    }
  }
}
