// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.sys;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;

/**
 * File names as text without loss: UTF-8 where the bytes are UTF-8, and each other byte {@code
 * 0xNN} as the lone surrogate U+DCNN, which UTF-8 itself never yields. It is the convention of
 * Python's "surrogateescape"; JSON shows such a character as an escape.
 */
public final class PathText {

  private static final int FIRST = 0xDC80;
  private static final int LAST = 0xDCFF;
  private static final int SURROGATES = 0xDC00;

  private PathText() {}

  /** Reads bytes as text. */
  public static String of(byte[] bytes) {
    CharsetDecoder utf8 = UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer text = CharBuffer.allocate(bytes.length);
    CoderResult result = utf8.decode(in, text, true);
    while (!result.isUnderflow()) {
      for (int i = 0; i < result.length(); i++) {
        text.put((char) (SURROGATES + (in.get() & 0xFF)));
      }
      result = utf8.decode(in, text, true);
    }
    return text.flip().toString();
  }

  /** Gives the bytes that {@link #of} has read as this text. */
  public static byte[] bytes(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
    text.codePoints()
        .forEach(
            c -> {
              if (isByte(c)) {
                bytes.write(c - SURROGATES);
              } else {
                bytes.writeBytes(Character.toString(c).getBytes(UTF_8));
              }
            });
    return bytes.toByteArray();
  }

  /** Gives the text for people: control characters and bytes that are no text as {@code \xNN}. */
  public static String printable(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              if (isByte(c)) {
                out.append(String.format("\\x%02x", c - SURROGATES));
              } else if (Character.isISOControl(c)) {
                out.append(String.format("\\x%02x", c));
              } else {
                out.appendCodePoint(c);
              }
            });
    return out.toString();
  }

  private static boolean isByte(int codePoint) {
    return codePoint >= FIRST && codePoint <= LAST;
  }
}
