// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.json;

import io.criubridge.images.WireCursor;

/** The types of fields that CRIU's schema uses. Source: descriptor.proto, FieldDescriptorProto. */
enum Kind {
  INT64(3, WireCursor.VARINT, 64, true),
  UINT64(4, WireCursor.VARINT, 64, false),
  INT32(5, WireCursor.VARINT, 32, true),
  FIXED64(6, WireCursor.FIXED64, 64, false),
  FIXED32(7, WireCursor.FIXED32, 32, false),
  BOOL(8, WireCursor.VARINT, 1, false),
  STRING(9, WireCursor.LENGTH_DELIMITED, 0, false),
  MESSAGE(11, WireCursor.LENGTH_DELIMITED, 0, false),
  BYTES(12, WireCursor.LENGTH_DELIMITED, 0, false),
  UINT32(13, WireCursor.VARINT, 32, false),
  ENUM(14, WireCursor.VARINT, 32, true),
  SFIXED32(15, WireCursor.FIXED32, 32, true),
  SFIXED64(16, WireCursor.FIXED64, 64, true),
  SINT32(17, WireCursor.VARINT, 32, true),
  SINT64(18, WireCursor.VARINT, 64, true);

  private static final Kind[] ALL = values();

  final int number;
  final int wireType;
  final int bits;
  final boolean signed;

  Kind(int number, int wireType, int bits, boolean signed) {
    this.number = number;
    this.wireType = wireType;
    this.bits = bits;
    this.signed = signed;
  }

  boolean isInteger() {
    return bits >= 32 && this != ENUM;
  }

  /** What the number on the wire is, in as many bits as the field has. */
  long fromWire(long value) {
    return switch (this) {
      case SINT32, SINT64 -> value >>> 1 ^ -(value & 1);
      case UINT32 -> value & 0xffff_ffffL;
      case INT32, ENUM, SFIXED32 -> (int) value;
      case BOOL -> value == 0 ? 0 : 1;
      default -> value;
    };
  }

  /** A value that Java has in a signed number of as many bits. */
  long widen(long value) {
    return this == UINT32 || this == FIXED32 ? value & 0xffff_ffffL : value;
  }

  /** The number on the wire of a value of the field. */
  long toWire(long value) {
    return switch (this) {
      case SINT32 -> (value << 1 ^ value >> 63) & 0xffff_ffffL;
      case SINT64 -> value << 1 ^ value >> 63;
      default -> value;
    };
  }

  static Kind of(int number) {
    for (Kind kind : ALL) {
      if (kind.number == number) {
        return kind;
      }
    }
    throw new IllegalStateException("field type " + number);
  }
}
