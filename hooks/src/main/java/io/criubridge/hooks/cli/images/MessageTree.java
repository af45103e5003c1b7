// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.images;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.criubridge.images.ImageFormatException;
import io.criubridge.images.json.FieldText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A message of an image as a tree for people: its fields in their order, long ones cut short. */
final class MessageTree {
  /** More values than this of one field are counted, not shown. */
  private static final int MOST_VALUES = 64;

  private static final int MOST_BYTES = 64;

  private final FieldText numbers;
  private final Output output;

  MessageTree(FieldText numbers, Output output) {
    this.numbers = numbers;
    this.output = output;
  }

  void print(Message message) throws ImageFormatException {
    print(message, "", false);
  }

  private void print(Message message, String trunk, boolean hex) throws ImageFormatException {
    List<Map.Entry<FieldDescriptor, Object>> fields =
        new ArrayList<>(message.getAllFields().entrySet());
    for (int i = 0; i < fields.size(); i++) {
      FieldDescriptor field = fields.get(i).getKey();
      boolean last = i == fields.size() - 1;
      String branch = trunk + output.branch(last) + field.getName();
      List<?> values = values(fields.get(i).getValue());
      if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
        boolean hexBelow = hex || numbers.isHex(field);
        for (int n = 0; n < values.size(); n++) {
          output.line(field.isRepeated() ? branch + " " + n : branch);
          print((Message) values.get(n), trunk + output.trunk(last), hexBelow);
        }
      } else {
        output.line(branch + ": " + text(field, values, hex));
      }
    }
  }

  private static List<?> values(Object value) {
    return value instanceof List<?> list ? list : List.of(value);
  }

  private String text(FieldDescriptor field, List<?> values, boolean hex)
      throws ImageFormatException {
    List<?> first = values.subList(0, Math.min(values.size(), MOST_VALUES));
    String shown =
        String.join(
            " ",
            switch (field.getJavaType()) {
              case INT, LONG, ENUM ->
                  numbers.texts(field, first.stream().map(MessageTree::number).toList(), hex);
              default -> first.stream().map(MessageTree::text).collect(Collectors.toList());
            });
    return values.size() > MOST_VALUES ? "%s ... of %d".formatted(shown, values.size()) : shown;
  }

  private static Number number(Object value) {
    return value instanceof EnumValueDescriptor constant ? constant.getNumber() : (Number) value;
  }

  private static String text(Object value) {
    if (value instanceof ByteString bytes) {
      return bytes.size() > MOST_BYTES
          ? "%s... of %d bytes"
              .formatted(Printable.text(bytes.substring(0, MOST_BYTES)), bytes.size())
          : Printable.text(bytes);
    }
    return value instanceof String string
        ? Printable.text(ByteString.copyFromUtf8(string))
        : value.toString();
  }
}
