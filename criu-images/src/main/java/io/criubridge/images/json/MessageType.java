// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.json;

import io.criubridge.images.ImageFormatException;
import io.criubridge.images.WireCursor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A message of the schema. */
final class MessageType {
  final String name;
  final Field[] fields;
  final int requiredFields;

  /**
   * Whether a field has changed its name: crit before 4.2 calls the second one of a pagemap_entry
   * nr_pages, as another is called now; since 4.2 there always is a compat_nr_pages before that.
   */
  final boolean hasRenamedField;

  private final @Nullable Field[] byNumber;

  private MessageType(String name, List<Field> declared) {
    int highest = 0;
    for (Field field : declared) {
      highest = Math.max(highest, field.number);
    }
    this.name = name;
    this.hasRenamedField = name.equals("pagemap_entry");
    this.byNumber = new Field[highest + 1];
    for (Field field : declared) {
      byNumber[field.number] = field;
    }
    this.fields = new Field[declared.size()];
    int count = 0;
    int required = 0;
    for (Field field : byNumber) {
      if (field != null) {
        fields[count++] = field;
        required += field.required ? 1 : 0;
      }
    }
    this.requiredFields = required;
  }

  /** Reads a DescriptorProto. */
  static MessageType read(WireCursor in) throws ImageFormatException {
    String name = "";
    List<Field> fields = new ArrayList<>();
    while (!in.atEnd()) {
      int tag = in.tag();
      switch (WireCursor.number(tag)) {
        case 1 -> name = Field.text(in);
        case 2 -> fields.add(Field.read(Field.inner(in)));
        default -> in.skip(tag);
      }
    }
    return new MessageType(name, fields);
  }

  /** The field of a number, which the schema must have. */
  Field field(int number) {
    return Objects.requireNonNull(byNumber[number]);
  }

  /** The field of a tag; none if the schema has none, or one of another wire type. */
  @Nullable Field known(int tag) {
    int number = WireCursor.number(tag);
    Field field = number < byNumber.length ? byNumber[number] : null;
    if (field == null) {
      return null;
    }
    int wireType = WireCursor.wireType(tag);
    boolean packed =
        field.repeated && wireType == WireCursor.LENGTH_DELIMITED && field.kind.bits > 0;
    return wireType == field.kind.wireType || packed ? field : null;
  }
}
