// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.json;

import io.criubridge.images.FrameReader;
import io.criubridge.images.ImageFormatException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;

/**
 * Reads JSON token by token from a stream. What is no JSON is an {@link ImageFormatException} with
 * the byte's place; a string takes memory as its bytes arrive and at most as much as an entry may
 * have. Source: RFC 8259.
 */
final class JsonInput {
  private static final int MAX_DEPTH = 1000;
  private static final int SAFE_DIGITS = 18;
  private static final long MAX_TENTH = 0x1999_9999_9999_9999L; // (2^64 - 1) / 10
  private static final String AFTER_VALUE = ",]} \n\r\t";

  private final JsonBytes in;
  private final JsonString string;
  private boolean negative;
  private long magnitude;

  /** Reads a stream whose first byte is at a place of the file. */
  JsonInput(InputStream in, Path file, long offset) {
    this.in = new JsonBytes(in, file, offset);
    this.string = new JsonString(this.in);
  }

  /** The bytes of the last string, as {@link #textLength()} says. */
  byte[] text() {
    return string.text();
  }

  int textLength() {
    return string.length();
  }

  /** The last string, as characters of one byte. */
  String asciiText() {
    return string.toString();
  }

  /** Where the next byte is in the file. */
  long offset() {
    return in.offset();
  }

  ImageFormatException unexpected(String expected, String found) {
    return in.unexpected(expected, found);
  }

  /** An exception that names what is there instead of what was expected. */
  ImageFormatException unexpected(String expected) throws IOException {
    int next = peek();
    if (next < 0) {
      return unexpected(expected, "the end");
    }
    boolean visible = next > ' ' && next < 0x7f;
    return unexpected(expected, visible ? "'" + (char) next + "'" : "byte 0x%02x".formatted(next));
  }

  /** The next byte that is no space; -1 at the end. */
  int peek() throws IOException {
    JsonBytes bytes = in;
    int at = bytes.position;
    if (at + 1 < bytes.end) {
      byte next = bytes.buffer[at];
      if (next == ' ') { // as crit writes after each comma and colon
        next = bytes.buffer[at + 1];
        bytes.position = at + 1;
      }
      if (next > ' ') {
        return next;
      }
    }
    return peekBeyondSpace();
  }

  private int peekBeyondSpace() throws IOException {
    do {
      byte[] buffer = in.buffer;
      int end = in.end;
      for (int at = in.position; at < end; at++) {
        byte next = buffer[at];
        if (next > ' ' || !isSpace(next)) {
          in.position = at;
          return next & 0xff;
        }
      }
      in.position = end;
    } while (in.there());
    return -1;
  }

  private static boolean isSpace(byte next) {
    return next == ' ' || next == '\n' || next == '\t' || next == '\r';
  }

  /** Reads a byte that has to come next. */
  void expect(char wanted) throws IOException {
    if (peek() != wanted) {
      throw unexpected("'" + wanted + "'");
    }
    in.position++;
  }

  /** Steps to the next element or, reading the bracket, to the end of a list or object. */
  boolean more(char close, boolean first) throws IOException {
    int next = peek();
    if (next == close && first) {
      in.position++;
      return false;
    }
    if (first) {
      return true;
    }
    if (next != ',' && next != close) {
      throw unexpected("',' or '" + close + "'");
    }
    in.position++;
    return next == ',';
  }

  void expectEnd() throws IOException {
    if (peek() >= 0) {
      throw unexpected("the end");
    }
  }

  /** Reads the name of a member and its colon if it is the one that is guessed. */
  boolean key(byte[] quotedName) throws IOException {
    peek();
    in.ahead();
    byte[] buffer = in.buffer;
    int start = in.position;
    int length = quotedName.length;
    if (in.end - start <= length || buffer[start + length] != ':') {
      return false;
    }
    // From its end, as names rather begin alike.
    for (int i = length - 1; i >= 0; i--) {
      if (buffer[start + i] != quotedName[i]) {
        return false;
      }
    }
    in.position = start + length + 1;
    return true;
  }

  /** Reads the name of any member, and its colon. */
  void key() throws IOException {
    string();
    expect(':');
  }

  /** Reads a string. */
  void string() throws IOException {
    beginString();
    string.readTo(FrameReader.MAX_ENTRY_BYTES);
    if (string.goesOn()) {
      throw unexpected("a string of at most " + FrameReader.MAX_ENTRY_BYTES + " bytes", "more");
    }
  }

  /** Begins a string that is read by {@link #stringPart}. */
  void beginString() throws IOException {
    expect('"');
    string.begin();
  }

  /** Reads on in a string, until about so many bytes are there or before the closing quote. */
  void stringPart(int wanted) throws IOException {
    string.readTo(wanted);
  }

  /** Whether the string goes on; reads the quote if not. Forgets what was read of it. */
  boolean stringGoesOn() throws IOException {
    string.begin();
    return string.goesOn();
  }

  /** Reads a whole number; {@link #negative()} and {@link #magnitude()} are it. */
  void number() throws IOException {
    negative = peek() == '-';
    if (negative) {
      in.position++;
    }
    in.ahead();
    byte[] buffer = in.buffer;
    int at = in.position;
    int safe = Math.min(in.end, at + SAFE_DIGITS);
    long value = 0;
    while (at < safe && buffer[at] >= '0' && buffer[at] <= '9') {
      value = 10 * value + buffer[at++] - '0';
    }
    while (at < in.end && buffer[at] >= '0' && buffer[at] <= '9') {
      int digit = buffer[at++] - '0';
      if (Long.compareUnsigned(value, MAX_TENTH) > 0
          || Long.compareUnsigned(value * 10 + digit, digit) < 0) {
        throw unexpected("a number of at most 64 bits", "a larger one");
      }
      value = 10 * value + digit;
    }
    boolean none = at == in.position;
    in.position = at;
    magnitude = value;
    int next = at < in.end ? buffer[at] : -1;
    if (none || next == '.' || next == 'e' || next == 'E') {
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
      if (!in.there() || in.buffer[in.position] != word.charAt(i)) {
        throw unexpected("true or false");
      }
      in.position++;
    }
    return value;
  }

  /** Copies a value as it is written; what is wrong within it is found when the copy is read. */
  void copyValue(OutputStream out) throws IOException {
    int depth = 0;
    boolean inString = false;
    peek();
    do {
      int next = in.next();
      out.write(next);
      if (inString && next == '\\') {
        out.write(in.next());
      } else if (next == '"') {
        inString = !inString;
      } else if (!inString && (next == '{' || next == '[')) {
        depth++;
      } else if (!inString && (next == '}' || next == ']')) {
        depth--;
      }
      if (depth > MAX_DEPTH) {
        throw unexpected("at most " + MAX_DEPTH + " brackets in each other", "more");
      }
    } while (inString || depth > 0 || (depth == 0 && !atEndOfValue()));
  }

  private boolean atEndOfValue() throws IOException {
    return !in.there() || AFTER_VALUE.indexOf(in.buffer[in.position]) >= 0;
  }
}
