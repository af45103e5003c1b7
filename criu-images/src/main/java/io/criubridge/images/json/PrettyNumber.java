// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.json;

import io.criubridge.images.ImageFormatException;
import org.jspecify.annotations.Nullable;

/**
 * Numbers as crit's pretty form has them. Source: lib/pycriu/images/pb2dict.py, _pb2dict_cast().
 */
final class PrettyNumber {
  private static final int KERNEL_MINOR_BITS = 20;

  private PrettyNumber() {}

  /**
   * The text of a number; null if it is just that number.
   *
   * @param hex whether the field, or a message that it is in, is for hexadecimal numbers
   */
  static @Nullable String text(Field field, Schema schema, long value, boolean hex)
      throws ImageFormatException {
    if (field.kind == Kind.ENUM) {
      return field.names(schema).nameOf(value);
    } else if (hex) {
      boolean negative = field.kind.signed && value < 0;
      return negative ? "-0x" + Long.toHexString(-value) : "0x" + Long.toHexString(value);
    } else if (field.device) {
      return field.glibcDevice ? glibcDevice(value) : kernelDevice(value);
    } else if (!field.flags.isEmpty()) {
      return PrettyNames.flags(field.flags, value);
    } else if (!field.dictionary.isEmpty()) {
      return field.names(schema).nameOf(value);
    }
    return null;
  }

  private static String kernelDevice(long value) {
    return (value >> KERNEL_MINOR_BITS) + ":" + (value & (1 << KERNEL_MINOR_BITS) - 1);
  }

  private static String glibcDevice(long value) {
    return ((value >> 8 & 0xfff) | (value >> 32 & ~0xfffL))
        + ":"
        + ((value & 0xff) | (value >> 12 & ~0xffL));
  }
}
