// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.criubridge.images.FrameReader;
import io.criubridge.images.ImageFormatException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Reads JSON token by token from a stream. What is no JSON is an {@link ImageFormatException} with
 * the byte's place; a string takes memory as its bytes arrive and at most as much as an entry may
 * have. Source: RFC 8259.
 */
final class JsonInput {
  private static final int BUFFER_BYTES = 64 << 10;
  private static final int MAX_DEPTH = 1000;

  private final InputStream in;
  private final Path file;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int position;
  private int end;
  private long base;

  private byte[] text = new byte[256];
  private int textLength;
  private boolean negative;
  private long magnitude;

  /** Reads a stream whose first byte is at a place of the file. */
  JsonInput(InputStream in, Path file, long offset) {
    this.in = in;
    this.file = file;
    this.base = offset;
  }

  /** The bytes of the last string, as {@link #textLength()} says. */
  byte[] text() {
    return text;
  }

  int textLength() {
    return textLength;
  }

  /** The last string, as characters of one byte. */
  String asciiText() {
    return new String(text, 0, textLength, ISO_8859_1);
  }

  /** Where the next byte is in the file. */
  long offset() {
    return base + position;
  }

  ImageFormatException unexpected(String expected, String found) {
    return new ImageFormatException(file, offset(), expected, found);
  }

  /** An exception that names what is there instead of what was expected. */
  ImageFormatException unexpected(String expected) throws IOException {
    int next = peek();
    String found =
        next < 0
            ? "the end"
            : next > ' ' && next < 0x7f ? "'" + (char) next + "'" : "byte 0x%02x".formatted(next);
    return unexpected(expected, found);
  }

  /** The next byte that is no space; -1 at the end. */
  int peek() throws IOException {
    while (true) {
      if (position == end && !fill()) {
        return -1;
      }
      byte next = buffer[position];
      if (next != ' ' && next != '\n' && next != '\t' && next != '\r') {
        return next & 0xff;
      }
      position++;
    }
  }

  /** Reads a byte that has to come next. */
  void expect(char wanted) throws IOException {
    if (peek() != wanted) {
      throw unexpected("'" + wanted + "'");
    }
    position++;
  }

  /** Steps to the next element or, reading the bracket, to the end of a list or object. */
  boolean more(char close, boolean first) throws IOException {
    int next = peek();
    if (next == close) {
      position++;
      return false;
    }
    if (!first) {
      if (next != ',') {
        throw unexpected("',' or '" + close + "'");
      }
      position++;
    }
    return true;
  }

  void expectEnd() throws IOException {
    if (peek() >= 0) {
      throw unexpected("the end");
    }
  }

  /** Reads the name of a member and its colon if it is the one that is guessed. */
  boolean key(byte[] quotedName) throws IOException {
    peek();
    int length = quotedName.length;
    if (end - position <= length) {
      refill();
    }
    if (end - position <= length
        || buffer[position + length] != ':'
        || !Arrays.equals(buffer, position, position + length, quotedName, 0, length)) {
      return false;
    }
    position += length + 1;
    return true;
  }

  /** Reads the name of any member, and its colon. */
  void key() throws IOException {
    string();
    expect(':');
  }

  /** Reads a string. */
  void string() throws IOException {
    expect('"');
    textLength = 0;
    stringPart(FrameReader.MAX_ENTRY_BYTES);
    if ((position == end && !fill()) || buffer[position] != '"') {
      throw unexpected("a string of at most " + FrameReader.MAX_ENTRY_BYTES + " bytes", "more");
    }
    position++;
  }

  /** Begins a string that is read by {@link #stringPart}. */
  void beginString() throws IOException {
    expect('"');
    textLength = 0;
  }

  /** Reads on in a string, until about so many bytes are there or before the closing quote. */
  void stringPart(int wanted) throws IOException {
    while (textLength < wanted) {
      if (position == end && !fill()) {
        throw unexpected("the end of a string", "the end");
      }
      byte next = buffer[position];
      if (next == '"') {
        return;
      }
      if (text.length - textLength < 4) {
        text = Arrays.copyOf(text, 2 * text.length);
      }
      if (next == '\\') {
        position++;
        escape();
      } else if (next < 0) {
        character();
      } else if (next < ' ') {
        throw unexpected("a string without control characters", "byte 0x%02x".formatted(next));
      } else {
        text[textLength++] = next;
        position++;
      }
    }
  }

  /** Whether the string goes on; reads the quote if not. Forgets what was read of it. */
  boolean stringGoesOn() throws IOException {
    textLength = 0;
    if (position == end && !fill()) {
      throw unexpected("the end of a string", "the end");
    }
    if (buffer[position] != '"') {
      return true;
    }
    position++;
    return false;
  }

  private void character() throws IOException {
    refill();
    int length = Utf8.lengthAt(buffer, position, end);
    if (length == 0) {
      throw unexpected("a character of UTF-8", "byte 0x%02x".formatted(buffer[position] & 0xff));
    }
    System.arraycopy(buffer, position, text, textLength, length);
    textLength += length;
    position += length;
  }

  private void escape() throws IOException {
    int kind = next();
    if (kind == 'u') {
      unicode();
      return;
    }
    int at = "\"\\/nrtfb".indexOf(kind);
    if (at < 0) {
      throw unexpected("an escape", "'\\" + (char) kind + "'");
    }
    text[textLength++] = (byte) "\"\\/\n\r\t\f\b".charAt(at);
  }

  private void unicode() throws IOException {
    int unit = hexUnit();
    if (unit >= 0xdc80 && unit <= 0xdcff) {
      text[textLength++] = (byte) unit; // a byte that was no UTF-8
      return;
    }
    int code = unit;
    if (Character.isHighSurrogate((char) unit)) {
      int low = next() == '\\' && next() == 'u' ? hexUnit() : 0;
      if (!Character.isLowSurrogate((char) low)) {
        throw unexpected("the second half of a character", "another");
      }
      code = Character.toCodePoint((char) unit, (char) low);
    } else if (Character.isLowSurrogate((char) unit)) {
      throw unexpected("a character", "half of one");
    }
    utf8(code);
  }

  private void utf8(int code) {
    if (code < 0x80) {
      text[textLength++] = (byte) code;
      return;
    }
    int more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    text[textLength++] = (byte) (0xff << (7 - more) | code >> (6 * more));
    for (int i = more - 1; i >= 0; i--) {
      text[textLength++] = (byte) (0x80 | ((code >> (6 * i)) & 0x3f));
    }
  }

  private int hexUnit() throws IOException {
    int unit = 0;
    for (int i = 0; i < 4; i++) {
      int digit = Character.digit((char) next(), 16);
      if (digit < 0) {
        throw unexpected("four digits after \\u", "less");
      }
      unit = unit << 4 | digit;
    }
    return unit;
  }

  /** Reads a whole number; {@link #negative()} and {@link #magnitude()} are it. */
  void number() throws IOException {
    negative = peek() == '-';
    if (negative) {
      position++;
    }
    int digits = 0;
    magnitude = 0;
    while (position < end || fill()) {
      int digit = buffer[position] - '0';
      if (digit < 0 || digit > 9) {
        break;
      }
      if (Long.compareUnsigned(magnitude, 0x1999_9999_9999_9999L) > 0
          || Long.compareUnsigned(magnitude * 10 + digit, digit) < 0) {
        throw unexpected("a number of at most 64 bits", "a larger one");
      }
      magnitude = magnitude * 10 + digit;
      position++;
      digits++;
    }
    int next = peek();
    if (digits == 0 || next == '.' || next == 'e' || next == 'E') {
      throw unexpected("a whole number");
    }
  }

  boolean negative() {
    return negative;
  }

  /** The last number without its sign, unsigned. */
  long magnitude() {
    return magnitude;
  }

  /** Reads {@code true} or {@code false}. */
  boolean truth() throws IOException {
    boolean value = peek() == 't';
    String word = value ? "true" : "false";
    for (int i = 0; i < word.length(); i++) {
      if ((position == end && !fill()) || buffer[position] != word.charAt(i)) {
        throw unexpected("true or false");
      }
      position++;
    }
    return value;
  }

  /** Copies a value as it is written; what is wrong within it is found when the copy is read. */
  void copyValue(OutputStream out) throws IOException {
    int depth = 0;
    boolean inString = false;
    int next = peek();
    do {
      if (next < 0) {
        throw unexpected("the end of a value", "the end");
      }
      if (inString) {
        if (next == '\\') {
          out.write(next());
        } else if (next == '"') {
          inString = false;
        }
      } else if (next == '"') {
        inString = true;
      } else if (next == '{' || next == '[') {
        depth++;
      } else if (next == '}' || next == ']') {
        depth--;
      }
      if (depth > MAX_DEPTH) {
        throw unexpected("at most " + MAX_DEPTH + " brackets in each other", "more");
      }
      out.write(next());
      next = position < end || fill() ? buffer[position] & 0xff : -1;
    } while (inString || depth > 0 || (next >= 0 && depth >= 0 && ",]} \n\r\t".indexOf(next) < 0));
  }

  private int next() throws IOException {
    if (position == end && !fill()) {
      throw unexpected("more", "the end");
    }
    return buffer[position++] & 0xff;
  }

  private void refill() throws IOException {
    if (end - position < 128) {
      System.arraycopy(buffer, position, buffer, 0, end - position);
      base += position;
      end -= position;
      position = 0;
      int count = in.readNBytes(buffer, end, buffer.length - end);
      end += count;
    }
  }

  private boolean fill() throws IOException {
    base += position;
    position = 0;
    end = Math.max(0, in.read(buffer, 0, buffer.length));
    return end > 0;
  }
}
