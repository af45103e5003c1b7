// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.json;

import com.google.protobuf.Descriptors.FieldDescriptor;
import io.criubridge.images.ImageFormatException;
import java.io.IOException;
import java.util.List;

/**
 * The numbers of protobuf messages as {@link CritJson} writes them in its pretty form: with the
 * names of flags, families and states, as addresses, devices, and in hexadecimal, where CRIU's
 * schema asks for it.
 */
public final class FieldText {
  private final Schema schema;

  private FieldText(Schema schema) {
    this.schema = schema;
  }

  /** Reads CRIU's schema. */
  public static FieldText load() throws IOException {
    return new FieldText(Schema.load());
  }

  /** Whether the field's numbers, and all in messages below it, are in hexadecimal. */
  public boolean isHex(FieldDescriptor field) throws ImageFormatException {
    return of(field).hex;
  }

  /**
   * The values of a field of numbers or constants, one text for each; a whole internet address is
   * one text.
   *
   * @param numbers as protobuf has them, constants by their numbers
   * @param hex whether a message that the field is in is for hexadecimal numbers
   */
  public List<String> texts(FieldDescriptor descriptor, List<? extends Number> numbers, boolean hex)
      throws ImageFormatException {
    Field field = of(descriptor);
    long[] values =
        numbers.stream().mapToLong(number -> field.kind.widen(number.longValue())).toArray();
    String address = field.address ? IpAddress.text(values) : null;
    if (address != null) {
      return List.of(address);
    }
    String[] texts = new String[values.length];
    for (int i = 0; i < texts.length; i++) {
      String text = PrettyNumber.text(field, schema, values[i], hex || field.hex);
      boolean asSigned = field.kind.signed || values[i] >= 0;
      texts[i] =
          text != null
              ? text
              : asSigned ? Long.toString(values[i]) : Long.toUnsignedString(values[i]);
    }
    return List.of(texts);
  }

  private Field of(FieldDescriptor field) throws ImageFormatException {
    return schema.message(field.getContainingType().getFullName()).field(field.getNumber());
  }
}
