// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.json;

import io.criubridge.images.ImageFormatException;
import io.criubridge.images.WireCursor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Names for numbers; of numbers with several names, the first is used. */
final class EnumType {
  private final Map<String, Long> numbers = new LinkedHashMap<>();
  private final Map<Long, String> names = new LinkedHashMap<>();

  EnumType name(long number, String name) {
    numbers.putIfAbsent(name, number);
    names.putIfAbsent(number, name);
    return this;
  }

  /** The name of a number; null if it has none. */
  @Nullable String nameOf(long number) {
    return names.get(number);
  }

  OptionalLong numberOf(String name) {
    Long number = numbers.get(name);
    return number == null ? OptionalLong.empty() : OptionalLong.of(number);
  }

  /** Reads an EnumDescriptorProto. */
  static EnumType read(WireCursor in) throws ImageFormatException {
    EnumType type = new EnumType();
    while (!in.atEnd()) {
      int tag = in.tag();
      if (WireCursor.number(tag) == 2) {
        type.readValue(Field.inner(in));
      } else {
        in.skip(tag);
      }
    }
    return type;
  }

  private void readValue(WireCursor in) throws ImageFormatException {
    String name = "";
    long number = 0;
    while (!in.atEnd()) {
      int tag = in.tag();
      switch (WireCursor.number(tag)) {
        case 1 -> name = Field.text(in);
        case 2 -> number = (int) in.varint();
        default -> in.skip(tag);
      }
    }
    name(number, name);
  }
}
