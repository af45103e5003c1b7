// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Writes JSON as Python's {@code json.dump} does: ", " and ": " between, all but printable ASCII
 * escaped; pretty with an indent of four.
 */
final class JsonOutput {
  private static final int BUFFER_BYTES = 64 << 10;
  private static final int LONGEST_PIECE = 128;
  private static final int BASE64_LINE_BYTES = 57;
  private static final int DIGITS = 20;
  private static final byte[] BASE64 =
      ascii("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
  private static final byte[] HEX = ascii("0123456789abcdef");

  private final OutputStream out;
  private final boolean pretty;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private final byte[] digits = new byte[DIGITS];
  private int end;
  private int depth;
  private boolean first = true;

  JsonOutput(OutputStream out, boolean pretty) {
    this.out = out;
    this.pretty = pretty;
  }

  /** Begins an object or a list, with its opening bracket. */
  void begin(char bracket) throws IOException {
    room(1);
    buffer[end++] = (byte) bracket;
    depth++;
    first = true;
  }

  /** Ends an object or a list. */
  void end(char bracket) throws IOException {
    depth--;
    if (!first && pretty) {
      indent();
    }
    room(1);
    buffer[end++] = (byte) bracket;
    first = false;
  }

  /** Begins an element of a list. */
  void item() throws IOException {
    room(2);
    if (!first) {
      buffer[end++] = ',';
    }
    if (pretty) {
      indent();
    } else if (!first) {
      buffer[end++] = ' ';
    }
    first = false;
  }

  /** Begins a member of an object. */
  void key(byte[] quotedName) throws IOException {
    item();
    raw(quotedName);
    room(2);
    buffer[end++] = ':';
    buffer[end++] = ' ';
  }

  void raw(byte[] bytes) throws IOException {
    room(bytes.length);
    System.arraycopy(bytes, 0, buffer, end, bytes.length);
    end += bytes.length;
  }

  /** Writes a string of printable ASCII without quotes and backslashes. */
  void plainString(String text) throws IOException {
    room(text.length() + 2);
    buffer[end++] = '"';
    for (int i = 0; i < text.length(); i++) {
      buffer[end++] = (byte) text.charAt(i);
    }
    buffer[end++] = '"';
  }

  /** Writes a number; one that is negative as unsigned if it is told to be. */
  void number(long value, boolean signed) throws IOException {
    room(LONGEST_PIECE);
    long rest = value;
    if (value < 0 && !signed) {
      raw(ascii(Long.toUnsignedString(value)));
      return;
    }
    if (value == Long.MIN_VALUE) {
      raw(ascii(Long.toString(value)));
      return;
    }
    if (value < 0) {
      buffer[end++] = '-';
      rest = -value;
    }
    int from = DIGITS;
    while (rest > Integer.MAX_VALUE) {
      digits[--from] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    int small = (int) rest;
    do {
      int tenth = small / 10;
      digits[--from] = (byte) ('0' + small - 10 * tenth);
      small = tenth;
    } while (small > 0);
    System.arraycopy(digits, from, buffer, end, DIGITS - from);
    end += DIGITS - from;
  }

  /** Writes a string from UTF-8; a byte that is no UTF-8 becomes U+DC80 to U+DCFF, as in Python. */
  void string(byte[] utf8, int from, int to) throws IOException {
    room(1);
    buffer[end++] = '"';
    int at = from;
    while (at < to) {
      room(LONGEST_PIECE);
      int plain = plainBytes(utf8, at, Math.min(to, at + LONGEST_PIECE));
      if (plain > 0) {
        System.arraycopy(utf8, at, buffer, end, plain);
        end += plain;
        at += plain;
        continue;
      }
      byte b = utf8[at];
      if (b >= 0) {
        escape(b);
        at++;
      } else {
        at = character(utf8, at, to);
      }
    }
    room(1);
    buffer[end++] = '"';
  }

  /** How many bytes from a place on are written as they are. */
  private static int plainBytes(byte[] utf8, int from, int to) {
    int at = from;
    while (at < to) {
      byte b = utf8[at];
      if (b < ' ' || b == '"' || b == '\\' || b == 0x7f) {
        break;
      }
      at++;
    }
    return at - from;
  }

  private void escape(int c) {
    int at = "\"\\\n\r\t\f\b".indexOf(c);
    if (at < 0) {
      unicode(c);
    } else {
      buffer[end++] = '\\';
      buffer[end++] = (byte) "\"\\nrtfb".charAt(at);
    }
  }

  private int character(byte[] utf8, int at, int to) {
    int length = Utf8.lengthAt(utf8, at, to);
    if (length == 0) {
      unicode(0xdc00 | (utf8[at] & 0xff));
      return at + 1;
    }
    int code = Utf8.codePoint(utf8, at, length);
    if (code >= 0x10000) {
      unicode(Character.highSurrogate(code));
      unicode(Character.lowSurrogate(code));
    } else {
      unicode(code);
    }
    return at + length;
  }

  private void unicode(int unit) {
    buffer[end++] = '\\';
    buffer[end++] = 'u';
    for (int shift = 12; shift >= 0; shift -= 4) {
      buffer[end++] = HEX[unit >> shift & 15];
    }
  }

  /** Writes bytes to base64, with a line break after each 76 characters and at the end. */
  void base64(byte[] bytes, int from, int to) throws IOException {
    room(1);
    buffer[end++] = '"';
    base64Lines(bytes, from, to);
    room(1);
    buffer[end++] = '"';
  }

  /** Writes what is left in a stream to base64; returns how many bytes it was. */
  long base64(InputStream in) throws IOException {
    byte[] chunk = new byte[BASE64_LINE_BYTES * 256];
    long total = 0;
    room(1);
    buffer[end++] = '"';
    int count;
    do {
      count = in.readNBytes(chunk, 0, chunk.length);
      base64Lines(chunk, 0, count);
      total += count;
    } while (count == chunk.length);
    room(1);
    buffer[end++] = '"';
    return total;
  }

  private void base64Lines(byte[] bytes, int from, int to) throws IOException {
    for (int line = from; line < to; line += BASE64_LINE_BYTES) {
      room(LONGEST_PIECE);
      base64Line(bytes, line, Math.min(to, line + BASE64_LINE_BYTES));
      buffer[end++] = '\\';
      buffer[end++] = 'n';
    }
  }

  private void base64Line(byte[] bytes, int from, int to) {
    int at = from;
    for (; at + 2 < to; at += 3) {
      int bits = (bytes[at] & 0xff) << 16 | (bytes[at + 1] & 0xff) << 8 | (bytes[at + 2] & 0xff);
      buffer[end++] = BASE64[bits >> 18];
      buffer[end++] = BASE64[bits >> 12 & 63];
      buffer[end++] = BASE64[bits >> 6 & 63];
      buffer[end++] = BASE64[bits & 63];
    }
    if (at < to) {
      boolean two = at + 1 < to;
      int bits = (bytes[at] & 0xff) << 16 | (two ? (bytes[at + 1] & 0xff) << 8 : 0);
      buffer[end++] = BASE64[bits >> 18];
      buffer[end++] = BASE64[bits >> 12 & 63];
      buffer[end++] = two ? BASE64[bits >> 6 & 63] : (byte) '=';
      buffer[end++] = '=';
    }
  }

  /** Hands on all that was written. */
  void flush() throws IOException {
    out.write(buffer, 0, end);
    end = 0;
    out.flush();
  }

  private void indent() throws IOException {
    room(1 + 4 * depth);
    buffer[end++] = '\n';
    for (int i = 4 * depth; i > 0; i--) {
      buffer[end++] = ' ';
    }
  }

  private void room(int bytes) throws IOException {
    if (buffer.length - end < bytes) {
      out.write(buffer, 0, end);
      end = 0;
    }
  }

  static byte[] ascii(String text) {
    return text.getBytes(ISO_8859_1);
  }
}
