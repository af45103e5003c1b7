// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.json;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/** Decodes base64 with line breaks, piece by piece. */
final class Base64Text {
  private static final byte[] DIGITS = digits();
  private static final int PADDING = 64;

  private final JsonInput in;
  private int bits;
  private int count;
  private int padding;

  private Base64Text(JsonInput in) {
    this.in = in;
  }

  private static byte[] digits() {
    byte[] digits = new byte[256];
    Arrays.fill(digits, (byte) -1);
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";
    for (int i = 0; i < alphabet.length(); i++) {
      digits[alphabet.charAt(i)] = (byte) i;
    }
    return digits;
  }

  /** Reads a string of base64 to a stream; returns how many bytes it holds. */
  static long read(JsonInput in, OutputStream out) throws IOException {
    Base64Text text = new Base64Text(in);
    byte[] piece = new byte[BYTES_OF_PART];
    long total = 0;
    in.beginString();
    do {
      in.stringPart(PART);
      int length = text.decode(in.text(), in.textLength(), piece);
      out.write(piece, 0, length);
      total += length;
    } while (in.stringGoesOn());
    text.finish();
    return total;
  }

  /** Reads a string of base64 into a message. */
  static void read(JsonInput in, WireOutput out) throws IOException {
    Base64Text text = new Base64Text(in);
    in.string();
    byte[] bytes = new byte[in.textLength() / 4 * 3 + 3];
    out.write(bytes, 0, text.decode(in.text(), in.textLength(), bytes));
    text.finish();
  }

  private static final int PART = 32 << 10;
  private static final int BYTES_OF_PART = PART;

  private int decode(byte[] text, int length, byte[] out) throws IOException {
    int end = 0;
    for (int i = 0; i < length; i++) {
      byte c = text[i];
      if (c == '\n' || c == '\r' || c == ' ') {
        continue;
      }
      int digit = DIGITS[c & 0xff];
      if (digit < 0 || (padding > 0 && digit != PADDING) || (digit == PADDING && count < 2)) {
        throw in.unexpected("base64", "byte 0x%02x".formatted(c & 0xff));
      }
      padding += digit == PADDING ? 1 : 0;
      bits = bits << 6 | (digit & 63);
      if (++count == 4) {
        out[end] = (byte) (bits >> 16);
        out[end + 1] = (byte) (bits >> 8);
        out[end + 2] = (byte) bits;
        end += 3 - padding;
        count = 0;
        bits = 0;
      }
    }
    return end;
  }

  private void finish() throws IOException {
    if (count != 0) {
      throw in.unexpected("base64 in groups of four", count + " at its end");
    }
  }
}
