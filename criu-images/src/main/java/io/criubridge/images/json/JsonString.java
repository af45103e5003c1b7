// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.util.Arrays;

/**
 * Reads JSON strings, whole or piece by piece, into bytes of UTF-8. U+DC80 to U+DCFF become the
 * bytes that are no UTF-8, as {@link JsonOutput#string} writes them.
 */
final class JsonString {
  private static final String ESCAPES = "\"\\/nrtfb";
  private static final String ESCAPED = "\"\\/\n\r\t\f\b";
  private static final int LONGEST_CHARACTER = 4;

  private final JsonBytes in;
  private byte[] text = new byte[256];
  private int length;

  JsonString(JsonBytes in) {
    this.in = in;
  }

  /** What was read, as {@link #length()} says. */
  byte[] text() {
    return text;
  }

  int length() {
    return length;
  }

  /** What was read, as characters of one byte. */
  @Override
  public String toString() {
    return new String(text, 0, length, ISO_8859_1);
  }

  /** Begins a string, after its quote. */
  void begin() {
    length = 0;
  }

  /** Reads on, until so many bytes and at most a character more are there, or up to the quote. */
  void readTo(int wanted) throws IOException {
    while (length < wanted) {
      if (!in.there()) {
        throw in.unexpected("the end of a string", "the end");
      }
      plainCharacters(wanted - length);
      if (in.position == in.end || length >= wanted) {
        continue;
      }
      byte next = in.buffer[in.position];
      if (next == '"') {
        return;
      }
      room(LONGEST_CHARACTER);
      if (next == '\\') {
        in.position++;
        escape();
      } else if (next < 0) {
        character();
      } else {
        throw in.unexpected("a string without control characters", "byte 0x%02x".formatted(next));
      }
    }
  }

  /** Whether the string goes on; reads the quote if not. */
  boolean goesOn() throws IOException {
    if (!in.there()) {
      throw in.unexpected("the end of a string", "the end");
    }
    if (in.buffer[in.position] != '"') {
      return true;
    }
    in.position++;
    return false;
  }

  private void plainCharacters(int most) {
    byte[] buffer = in.buffer;
    int start = in.position;
    int stop = start + Math.min(in.end - start, most);
    int at = start;
    while (at < stop && buffer[at] >= ' ' && buffer[at] != '"' && buffer[at] != '\\') {
      at++;
    }
    room(at - start);
    System.arraycopy(buffer, start, text, length, at - start);
    length += at - start;
    in.position = at;
  }

  private void room(int more) {
    if (text.length - length < more) {
      text = Arrays.copyOf(text, Math.max(2 * text.length, length + more));
    }
  }

  private void character() throws IOException {
    in.ahead();
    int bytes = Utf8.lengthAt(in.buffer, in.position, in.end);
    if (bytes == 0) {
      throw in.unexpected(
          "a character of UTF-8", "byte 0x%02x".formatted(in.buffer[in.position] & 0xff));
    }
    System.arraycopy(in.buffer, in.position, text, length, bytes);
    length += bytes;
    in.position += bytes;
  }

  private void escape() throws IOException {
    int kind = in.next();
    if (kind == 'u') {
      unicode();
      return;
    }
    int at = ESCAPES.indexOf(kind);
    if (at < 0) {
      throw in.unexpected("an escape", "'\\" + (char) kind + "'");
    }
    text[length++] = (byte) ESCAPED.charAt(at);
  }

  private void unicode() throws IOException {
    int unit = hexUnit();
    if (unit >= 0xdc80 && unit <= 0xdcff) {
      text[length++] = (byte) unit;
      return;
    }
    int code = unit;
    if (Character.isHighSurrogate((char) unit)) {
      int low = in.next() == '\\' && in.next() == 'u' ? hexUnit() : 0;
      if (!Character.isLowSurrogate((char) low)) {
        throw in.unexpected("the second half of a character", "another");
      }
      code = Character.toCodePoint((char) unit, (char) low);
    } else if (Character.isLowSurrogate((char) unit)) {
      throw in.unexpected("a character", "half of one");
    }
    length += Utf8.put(code, text, length);
  }

  private int hexUnit() throws IOException {
    int unit = 0;
    for (int i = 0; i < 4; i++) {
      int digit = Character.digit((char) in.next(), 16);
      if (digit < 0) {
        throw in.unexpected("four digits after \\u", "less");
      }
      unit = unit << 4 | digit;
    }
    return unit;
  }
}
