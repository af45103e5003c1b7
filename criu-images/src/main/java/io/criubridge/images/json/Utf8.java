// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.json;

/** UTF-8, byte by byte, since names in images need not be UTF-8. Source: RFC 3629. */
final class Utf8 {
  private Utf8() {}

  /** How many bytes the character at a place has, which is not ASCII; 0 if there is none. */
  static int lengthAt(byte[] bytes, int at, int to) {
    int lead = bytes[at] & 0xff;
    int length = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
    if (length == 0 || to - at < length) {
      return 0;
    }
    for (int i = 1; i < length; i++) {
      if ((bytes[at + i] & 0xc0) != 0x80) {
        return 0;
      }
    }
    int second = bytes[at + 1] & 0xff;
    boolean overlongOrSurrogate =
        (lead == 0xe0 && second < 0xa0)
            || (lead == 0xed && second >= 0xa0)
            || (lead == 0xf0 && second < 0x90)
            || (lead == 0xf4 && second >= 0x90);
    return overlongOrSurrogate ? 0 : length;
  }

  /** The character at a place of which {@link #lengthAt} gave the length. */
  static int codePoint(byte[] bytes, int at, int length) {
    int code = bytes[at] & 0x7f >> length;
    for (int i = 1; i < length; i++) {
      code = code << 6 | (bytes[at + i] & 0x3f);
    }
    return code;
  }

  /** Writes a character to a place; returns how many bytes it has. */
  static int put(int code, byte[] bytes, int at) {
    if (code < 0x80) {
      bytes[at] = (byte) code;
      return 1;
    }
    int more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    bytes[at] = (byte) (0xff << (7 - more) | code >> (6 * more));
    for (int i = 1; i <= more; i++) {
      bytes[at + i] = (byte) (0x80 | ((code >> (6 * (more - i))) & 0x3f));
    }
    return 1 + more;
  }
}
