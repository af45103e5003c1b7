// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.memory;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * What is looked for in a memory. A regular expression is one of {@link Pattern} over bytes: each
 * byte is the character of its number, 0 to 255; text in the expression stands for its UTF-8 bytes
 * (so a letter outside ASCII is a sequence, and does not belong in brackets); {@code \xNN} is a
 * byte, {@code .} any byte but a line's end, {@code (?s).} any; {@code \w} and {@code (?i)} know
 * ASCII only. {@code ^} and {@code $} are the ends of a stretch of memory without gaps, and of
 * lines with {@code (?m)}.
 */
public final class BytePattern {

  /** The longest match, in bytes: of a longer one only so much is seen. */
  public static final int LONGEST_MATCH = 4096;

  private static final int LITERAL_ESCAPE = 4;

  private final Pattern pattern;

  private BytePattern(Pattern pattern) {
    this.pattern = pattern;
  }

  /**
   * Looks for bytes.
   *
   * @throws IllegalArgumentException if they are none, or more than {@link #LONGEST_MATCH}
   */
  public static BytePattern literal(ByteString bytes) {
    if (bytes.isEmpty() || bytes.size() > LONGEST_MATCH) {
      throw new IllegalArgumentException(
          "cannot look for %d bytes, only for 1 to %d".formatted(bytes.size(), LONGEST_MATCH));
    }
    return new BytePattern(Pattern.compile(bytes.toString(ISO_8859_1), Pattern.LITERAL));
  }

  /**
   * Looks for a regular expression.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static BytePattern regex(String expression) {
    try {
      return new BytePattern(Pattern.compile(new String(expression.getBytes(UTF_8), ISO_8859_1)));
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "not a regular expression: %s, at %d".formatted(e.getDescription(), e.getIndex()), e);
    }
  }

  /**
   * Reads bytes as people write them: text stands for its UTF-8 bytes, {@code \xNN} for a byte,
   * {@code \\}, {@code \n}, {@code \r}, {@code \t} and {@code \0} for what they do in C.
   *
   * @throws IllegalArgumentException if a backslash stands before anything else
   */
  public static ByteString parseBytes(String text) {
    ByteString.Output bytes = ByteString.newOutput();
    for (int i = 0; i < text.length(); ) {
      int character = text.codePointAt(i);
      if (character != '\\') {
        byte[] utf8 = Character.toString(character).getBytes(UTF_8);
        bytes.write(utf8, 0, utf8.length);
        i += Character.charCount(character);
      } else if (text.startsWith("\\x", i)) {
        bytes.write(hex(text, i));
        i += LITERAL_ESCAPE;
      } else {
        bytes.write(escape(text, i));
        i += 2;
      }
    }
    return bytes.toByteString();
  }

  Matcher in(CharSequence bytes) {
    return pattern.matcher(bytes).useTransparentBounds(true).useAnchoringBounds(false);
  }

  private static int hex(String text, int at) {
    String digits = text.substring(at + 2, Math.min(at + LITERAL_ESCAPE, text.length()));
    if (!digits.matches("[0-9a-fA-F]{2}")) {
      throw new IllegalArgumentException("two hexadecimal digits belong after \\x: " + text);
    }
    return Integer.parseInt(digits, 16);
  }

  private static int escape(String text, int at) {
    char name = at + 1 < text.length() ? text.charAt(at + 1) : ' ';
    return switch (name) {
      case '\\' -> '\\';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case '0' -> 0;
      default ->
          throw new IllegalArgumentException(
              "\\xNN, \\\\, \\n, \\r, \\t or \\0 is what a backslash may begin: " + text);
    };
  }
}
