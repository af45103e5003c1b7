// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images;

import java.nio.file.Path;

/**
 * Walks over the fields of a message in protobuf's wire format, without knowing the message. Every
 * field that is cut off or longer than the message is an {@link ImageFormatException}.
 *
 * <p>Source: protobuf.dev, "Encoding".
 */
public final class WireCursor {
  /** Wire type of integers. */
  public static final int VARINT = 0;

  /** Wire type of eight bytes. */
  public static final int FIXED64 = 1;

  /** Wire type of bytes, strings, messages and packed numbers. */
  public static final int LENGTH_DELIMITED = 2;

  /** Wire type of four bytes. */
  public static final int FIXED32 = 5;

  private static final int MAX_VARINT_BYTES = 10;

  private final Path file;
  private final byte[] bytes;
  private final int end;
  private final long base;
  private int position;

  /**
   * Walks over a part of an array.
   *
   * @param file what exceptions name
   * @param base where the array's first byte is in the file
   */
  public WireCursor(Path file, byte[] bytes, int start, int end, long base) {
    this.file = file;
    this.bytes = bytes;
    this.position = start;
    this.end = end;
    this.base = base;
  }

  /** Walks over a message within this one's bytes. */
  public WireCursor within(int start, int end) {
    return new WireCursor(file, bytes, start, end, base);
  }

  /** Walks over a rearranged copy of this message's bytes; exceptions name the given place. */
  public WireCursor over(byte[] copy, int place) {
    return new WireCursor(file, copy, 0, copy.length, base + place - copy.length);
  }

  /** Whether there is no more field. */
  public boolean atEnd() {
    return position >= end;
  }

  /** Where in the array the next byte is. */
  public int position() {
    return position;
  }

  /** The array. */
  public byte[] bytes() {
    return bytes;
  }

  /** Where in the array the message ends. */
  public int end() {
    return end;
  }

  /** The number of the field of a tag. */
  public static int number(int tag) {
    return tag >>> 3;
  }

  /** The wire type of the field of a tag. */
  public static int wireType(int tag) {
    return tag & 7;
  }

  /** Reads the number and wire type of the next field. */
  public int tag() throws ImageFormatException {
    int start = position;
    long tag = varint();
    if (tag >>> 32 != 0 || tag >>> 3 == 0) {
      throw damaged(start, "a field", "tag " + Long.toUnsignedString(tag));
    }
    return (int) tag;
  }

  /** Reads an integer. */
  public long varint() throws ImageFormatException {
    int at = position;
    if (at < end && bytes[at] >= 0) {
      position = at + 1;
      return bytes[at];
    }
    return longVarint();
  }

  private long longVarint() throws ImageFormatException {
    int start = position;
    long value = 0;
    for (int i = 0; i < MAX_VARINT_BYTES; i++) {
      if (start + i >= end) {
        throw damaged(start, "an integer", "the end of its message");
      }
      byte next = bytes[start + i];
      value |= (long) (next & 0x7f) << (7 * i);
      if (next >= 0) {
        position = start + i + 1;
        return value;
      }
    }
    throw damaged(start, "an integer of at most 10 bytes", "a longer one");
  }

  /** Reads eight bytes. */
  public long fixed64() throws ImageFormatException {
    return fixed(Long.BYTES);
  }

  /** Reads four bytes, as an unsigned number. */
  public long fixed32() throws ImageFormatException {
    return fixed(Integer.BYTES);
  }

  /** Steps over the content of a field of bytes, to which {@link #position} then is the end. */
  public int lengthDelimited() throws ImageFormatException {
    int start = position;
    long length = varint();
    if (length < 0 || length > end - position) {
      throw damaged(
          start,
          "a field that ends in its message",
          "one of " + Long.toUnsignedString(length) + " bytes");
    }
    position += (int) length;
    return (int) length;
  }

  /** Steps over the value of a field. */
  public void skip(int tag) throws ImageFormatException {
    switch (wireType(tag)) {
      case VARINT -> varint();
      case FIXED64 -> fixed64();
      case LENGTH_DELIMITED -> lengthDelimited();
      case FIXED32 -> fixed32();
      default -> throw damaged(position, "a field", "wire type " + wireType(tag));
    }
  }

  /** The last value of an integer field of what is left; 0 if it is not there. Does not move. */
  public long integer(int field) throws ImageFormatException {
    WireCursor cursor = within(position, end);
    long value = 0;
    while (!cursor.atEnd()) {
      int tag = cursor.tag();
      if (tag == (field << 3 | VARINT)) {
        value = cursor.varint();
      } else {
        cursor.skip(tag);
      }
    }
    return value;
  }

  /** An exception at a byte of the array. */
  public ImageFormatException damaged(int at, String expected, String found) {
    return new ImageFormatException(file, base + at, expected, found);
  }

  private long fixed(int width) throws ImageFormatException {
    if (end - position < width) {
      throw damaged(position, "a number of " + width + " bytes", "the end of its message");
    }
    long value = 0;
    for (int i = width - 1; i >= 0; i--) {
      value = (value << 8) | (bytes[position + i] & 0xff);
    }
    position += width;
    return value;
  }
}
