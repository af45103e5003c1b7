// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.images;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.criubridge.images.files.InetEndpoint;
import io.criubridge.images.proto.Opts;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A message of an image as a tree: its fields in their order, numbers as CRIU means them. */
final class MessageTree {
  /** More values than this of one field are counted, not shown. */
  private static final int MOST_VALUES = 64;

  private static final int MOST_BYTES = 64;

  private MessageTree() {}

  static void print(Message message, Output output) {
    print(message, "", false, output);
  }

  /** The same for programs; all values, bytes as hexadecimal text. */
  static JsonObject json(Message message) {
    JsonObject object = new JsonObject();
    for (Map.Entry<FieldDescriptor, Object> field : message.getAllFields().entrySet()) {
      object.add(field.getKey().getName(), json(field.getKey(), field.getValue()));
    }
    return object;
  }

  private static void print(Message message, String trunk, boolean hex, Output output) {
    List<Map.Entry<FieldDescriptor, Object>> fields =
        new ArrayList<>(message.getAllFields().entrySet());
    for (int i = 0; i < fields.size(); i++) {
      FieldDescriptor field = fields.get(i).getKey();
      boolean last = i == fields.size() - 1;
      boolean asHex = hex || field.getOptions().getExtension(Opts.criu).getHex();
      String branch = trunk + output.branch(last) + field.getName();
      if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
        List<?> messages = values(fields.get(i).getValue());
        for (int n = 0; n < messages.size(); n++) {
          output.line(field.isRepeated() ? branch + " " + n : branch);
          print((Message) messages.get(n), trunk + output.trunk(last), asHex, output);
        }
      } else {
        output.line(branch + ": " + text(field, values(fields.get(i).getValue()), asHex));
      }
    }
  }

  private static List<?> values(Object value) {
    return value instanceof List<?> list ? list : List.of(value);
  }

  private static String text(FieldDescriptor field, List<?> values, boolean hex) {
    boolean isAddress = field.getOptions().getExtension(Opts.criu).getIpadd();
    if (isAddress && (values.size() == 1 || values.size() == 4)) {
      List<Integer> words = values.stream().map(word -> (Integer) word).toList();
      return InetEndpoint.of(words, 0).addressText();
    }
    String shown =
        values.stream()
            .limit(MOST_VALUES)
            .map(value -> text(field, value, hex))
            .collect(Collectors.joining(" "));
    return values.size() > MOST_VALUES ? "%s ... of %d".formatted(shown, values.size()) : shown;
  }

  private static String text(FieldDescriptor field, Object value, boolean hex) {
    if (value instanceof ByteString bytes) {
      return bytes.size() > MOST_BYTES
          ? "%s... of %d bytes"
              .formatted(Printable.text(bytes.substring(0, MOST_BYTES)), bytes.size())
          : Printable.text(bytes);
    } else if (value instanceof String string) {
      return Printable.text(ByteString.copyFromUtf8(string));
    } else if (value instanceof EnumValueDescriptor constant) {
      return constant.getName();
    } else if (value instanceof Integer number) {
      return hex ? "0x%x".formatted(number) : integer(field, number);
    } else if (value instanceof Long number) {
      boolean signed = isSigned(field);
      return hex
          ? "0x%x".formatted(number)
          : signed ? Long.toString(number) : Long.toUnsignedString(number);
    }
    return value.toString();
  }

  private static String integer(FieldDescriptor field, int number) {
    return isSigned(field) ? Integer.toString(number) : Integer.toUnsignedString(number);
  }

  private static boolean isSigned(FieldDescriptor field) {
    return switch (field.getType()) {
      case INT32, INT64, SINT32, SINT64, SFIXED32, SFIXED64 -> true;
      default -> false;
    };
  }

  private static JsonElement json(FieldDescriptor field, Object value) {
    if (value instanceof List<?> list) {
      JsonArray array = new JsonArray();
      list.forEach(each -> array.add(json(field, each)));
      return array;
    } else if (value instanceof Message message) {
      return json(message);
    } else if (value instanceof ByteString bytes) {
      StringBuilder hex = new StringBuilder();
      for (byte each : bytes) {
        hex.append("%02x".formatted(each));
      }
      return new JsonPrimitive(hex.toString());
    } else if (value instanceof Boolean truth) {
      return new JsonPrimitive(truth);
    } else if (value instanceof Integer || value instanceof Long) {
      return new JsonPrimitive(new BigInteger(text(field, value, false)));
    }
    return new JsonPrimitive(text(field, value, false));
  }
}
