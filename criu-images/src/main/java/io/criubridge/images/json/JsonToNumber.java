// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.json;

import java.io.IOException;
import java.util.OptionalLong;

/** Reads the value of an integer field, in any of the forms in which crit writes one. */
final class JsonToNumber {
  private static final int KERNEL_MINOR_BITS = 20;

  private final Schema schema;

  JsonToNumber(Schema schema) {
    this.schema = schema;
  }

  /** Reads a number, or a string that stands for one. */
  long number(JsonInput in, Field field) throws IOException {
    if (in.peek() != '"') {
      in.number();
      return checked(in, field, in.negative(), in.magnitude());
    }
    in.string();
    String text = in.asciiText();
    if (field.device) {
      return device(in, field, text);
    }
    if (!field.flags.isEmpty()) {
      return flags(in, field, text);
    }
    if (!field.dictionary.isEmpty()) {
      OptionalLong named = field.names(schema).numberOf(text);
      if (named.isPresent()) {
        return named.getAsLong();
      }
    }
    return parsed(in, field, text);
  }

  /** Reads a name of an enum, or the number of a value it has no name for. */
  long named(JsonInput in, Field field) throws IOException {
    if (in.peek() != '"') {
      in.number();
      return checked(in, field, in.negative(), in.magnitude());
    }
    in.string();
    OptionalLong named = field.names(schema).numberOf(in.asciiText());
    if (named.isEmpty()) {
      throw in.unexpected("a name of " + field.typeName, '"' + in.asciiText() + '"');
    }
    return named.getAsLong();
  }

  private static long flags(JsonInput in, Field field, String text) throws IOException {
    long value = 0;
    if (!text.isEmpty()) {
      for (String name : text.split("\\|", -1)) {
        OptionalLong bit = PrettyNames.flag(field.flags, name.trim());
        value |= bit.isPresent() ? bit.getAsLong() : parsed(in, field, name.trim());
      }
    }
    return value;
  }

  private static long device(JsonInput in, Field field, String text) throws IOException {
    int colon = text.indexOf(':');
    if (colon < 0) {
      return parsed(in, field, text);
    }
    long major = parsed(in, field, text.substring(0, colon));
    long minor = parsed(in, field, text.substring(colon + 1));
    long device =
        field.glibcDevice
            ? (minor & 0xff)
                | (major & 0xfff) << 8
                | (minor & ~0xffL) << 12
                | (major & ~0xfffL) << 32
            : major << KERNEL_MINOR_BITS | minor;
    if (!field.glibcDevice && minor >>> KERNEL_MINOR_BITS != 0) {
      throw in.unexpected("a minor number of at most 20 bits", text);
    }
    return checked(in, field, false, device);
  }

  private static long parsed(JsonInput in, Field field, String text) throws IOException {
    boolean negative = text.startsWith("-");
    String digits = negative ? text.substring(1) : text;
    boolean hex = digits.startsWith("0x");
    digits = hex ? digits.substring(2) : digits;
    if (hex && digits.startsWith("-")) { // as crit writes what is below zero
      negative = true;
      digits = digits.substring(1);
    }
    if (digits.isEmpty() || Character.digit(digits.charAt(0), 16) < 0) {
      throw in.unexpected("a value of " + field.name, '"' + text + '"');
    }
    try {
      return checked(in, field, negative, Long.parseUnsignedLong(digits, hex ? 16 : 10));
    } catch (NumberFormatException e) {
      throw in.unexpected("a value of " + field.name, '"' + text + '"');
    }
  }

  private static long checked(JsonInput in, Field field, boolean negative, long magnitude)
      throws IOException {
    int bits = field.kind.bits - (field.kind.signed ? 1 : 0);
    boolean fits;
    if (negative) {
      fits =
          magnitude == 0
              || (field.kind.signed
                  && Long.compareUnsigned(magnitude, 1L << (field.kind.bits - 1)) <= 0);
    } else {
      fits = bits == 64 || magnitude >>> bits == 0;
    }
    if (!fits) {
      throw in.unexpected(
          "a value of " + field.name + " of " + field.kind.bits + " bits",
          (negative ? "-" : "") + Long.toUnsignedString(magnitude));
    }
    return negative ? -magnitude : magnitude;
  }
}
