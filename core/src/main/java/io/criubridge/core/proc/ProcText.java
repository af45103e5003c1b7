// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.proc;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.util.Arrays;
import java.util.List;

/**
 * The bytes of a proc file as text. Parsing works on "raw" strings, one char per byte, so that no
 * charset can lose a byte or move a delimiter; only finished values are decoded.
 */
final class ProcText {

  private ProcText() {}

  static String raw(byte[] bytes) {
    return new String(bytes, ISO_8859_1);
  }

  /** The lines of a file, without the empty one after the last newline. */
  static List<String> lines(byte[] bytes) {
    String raw = raw(bytes);
    if (raw.isEmpty()) {
      return List.of();
    }
    String body = raw.endsWith("\n") ? raw.substring(0, raw.length() - 1) : raw;
    return Arrays.asList(body.split("\n", -1));
  }

  /**
   * Decodes UTF-8; each other byte {@code 0xNN} becomes the lone surrogate U+DCNN, as {@link
   * io.criubridge.core.sys.BytePath#text()} does, so that different bytes stay different text.
   */
  static String decode(String raw) {
    CharsetDecoder utf8 = UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(raw.getBytes(ISO_8859_1));
    CharBuffer text = CharBuffer.allocate(in.remaining());
    CoderResult result = utf8.decode(in, text, true);
    while (!result.isUnderflow()) {
      for (int i = 0; i < result.length(); i++) {
        text.put((char) (0xDC00 + (in.get() & 0xFF)));
      }
      result = utf8.decode(in, text, true);
    }
    return text.flip().toString();
  }

  /**
   * Undoes the kernel's {@code \ooo}, three octal digits for one byte.
   *
   * <p>Source: {@code mangle_path()}, {@code seq_escape()} in fs/seq_file.c
   */
  static String unescapeOctal(String raw) {
    if (raw.indexOf('\\') < 0) {
      return raw;
    }
    StringBuilder out = new StringBuilder(raw.length());
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      boolean escape =
          c == '\\'
              && isOctal(raw, i + 1, '3')
              && isOctal(raw, i + 2, '7')
              && isOctal(raw, i + 3, '7');
      if (escape) {
        out.append((char) Integer.parseInt(raw.substring(i + 1, i + 4), 8));
        i += 3;
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }

  /** A line for a message: what is not printable ASCII as {@code \xNN}. */
  static String printable(String raw) {
    StringBuilder out = new StringBuilder(raw.length());
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c >= ' ' && c <= '~') {
        out.append(c);
      } else {
        out.append(String.format("\\x%02x", (int) c));
      }
    }
    return out.toString();
  }

  private static boolean isOctal(String raw, int at, char highest) {
    return at < raw.length() && raw.charAt(at) >= '0' && raw.charAt(at) <= highest;
  }
}
