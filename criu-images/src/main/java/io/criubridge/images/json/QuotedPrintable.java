// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.json;

import java.io.ByteArrayOutputStream;

/**
 * The names of unix sockets as crit writes them. Source: Python's binascii.b2a_qp and a2b_qp, but
 * for a line end of two bytes, which those turn into one and which is quoted here.
 */
final class QuotedPrintable {
  private static final int MAX_LINE = 76;
  private static final byte[] HEX = JsonOutput.ascii("0123456789ABCDEF");

  private QuotedPrintable() {}

  static byte[] encode(byte[] bytes, int from, int to) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int line = 0;
    for (int at = from; at < to; at++) {
      byte b = bytes[at];
      if (isQuoted(bytes, at, to, line)) {
        line = breakBefore(out, line, line + 3 >= MAX_LINE);
        quote(out, b);
        line += 3;
      } else if (b == '\n') {
        out.write(b);
        line = 0;
      } else {
        boolean more = at + 1 < to && bytes[at + 1] != '\n';
        line = breakBefore(out, line, more && line + 1 >= MAX_LINE);
        out.write(b);
        line++;
      }
    }
    return out.toByteArray();
  }

  private static boolean isQuoted(byte[] bytes, int at, int to, int line) {
    byte b = bytes[at];
    int next = at + 1 < to ? bytes[at + 1] : -1;
    boolean last = at + 1 == to;
    return switch (b) {
      case '=', 0x7f -> true;
      case '\n' -> false;
      case '\r' -> next == '\n';
      case '.' -> line == 0 && (last || next == '\n' || next == '\r' || next == 0);
      case ' ', '\t' -> last || next == '\n';
      default -> b < ' ';
    };
  }

  private static int breakBefore(ByteArrayOutputStream out, int line, boolean full) {
    if (!full) {
      return line;
    }
    out.write('=');
    out.write('\n');
    return 0;
  }

  private static void quote(ByteArrayOutputStream out, byte b) {
    out.write('=');
    out.write(HEX[b >> 4 & 15]);
    out.write(HEX[b & 15]);
  }

  static byte[] decode(byte[] text, int from, int to) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int at = from;
    while (at < to) {
      if (text[at] != '=') {
        out.write(text[at++]);
        continue;
      }
      at++;
      if (at < to && (text[at] == '\n' || text[at] == '\r')) {
        while (at < to && text[at] != '\n') {
          at++;
        }
        at++;
      } else if (at < to && text[at] == '=') {
        out.write('=');
        at++;
      } else if (at + 1 < to && digit(text[at]) >= 0 && digit(text[at + 1]) >= 0) {
        out.write(digit(text[at]) << 4 | digit(text[at + 1]));
        at += 2;
      } else if (at < to) {
        out.write('=');
      }
    }
    return out.toByteArray();
  }

  private static int digit(byte b) {
    return Character.digit((char) (b & 0xff), 16);
  }
}
