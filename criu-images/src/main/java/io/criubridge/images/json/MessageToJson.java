// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.json;

import io.criubridge.images.ImageFormatException;
import io.criubridge.images.WireCursor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes messages as the members of JSON objects, from their bytes. */
final class MessageToJson {
  /** How deep messages may be in each other, as in protobuf's own parsers. */
  static final int MAX_DEPTH = 100;

  static final byte[] UNKNOWN_FIELDS = JsonOutput.ascii("\"unknown_fields\"");
  private static final byte[] TRUE = JsonOutput.ascii("true");
  private static final byte[] FALSE = JsonOutput.ascii("false");

  private final Schema schema;
  private final JsonOutput out;
  private final boolean pretty;
  private long[] address = {};

  MessageToJson(Schema schema, JsonOutput out, boolean pretty) {
    this.schema = schema;
    this.out = out;
    this.pretty = pretty;
  }

  /** Writes the fields of a message. */
  void fields(MessageType type, WireCursor message) throws IOException {
    fields(type, message, false, 0);
  }

  private void fields(MessageType type, WireCursor message, boolean hex, int depth)
      throws IOException {
    if (depth > MAX_DEPTH) {
      throw message.damaged(message.position(), "at most 100 messages in each other", "more");
    }
    int start = message.position();
    WireCursor in = WireOrder.inOrder(type, message);
    int inOrderStart = in.position();
    Field last = null;
    int required = 0;
    boolean unknown = false;
    while (!in.atEnd()) {
      int tag = in.tag();
      Field field = type.known(tag);
      if (field == null) {
        unknown = true;
        in.skip(tag);
        continue;
      }
      if (field != last) {
        endList(last);
        required += field.required ? 1 : 0;
        out.key(field.quotedName);
        if (field.repeated) {
          out.begin('[');
        }
        last = field;
      }
      value(field, tag, in, hex || field.hex, depth);
    }
    endList(last);
    if (required < type.requiredFields) {
      throw in.damaged(
          start,
          "a whole " + type.name,
          "one without " + missing(type, in.within(inOrderStart, in.end())));
    }
    if (unknown) {
      unknownFields(type, in.within(inOrderStart, in.end()));
    }
  }

  private void endList(@Nullable Field field) throws IOException {
    if (field == null || !field.repeated) {
      return;
    }
    if (address.length > 0) {
      String text = IpAddress.text(address);
      if (text == null) {
        for (long word : address) {
          out.item();
          out.number(word, false);
        }
      } else {
        out.item();
        out.plainString(text);
      }
      address = new long[0];
    }
    out.end(']');
  }

  private void value(Field field, int tag, WireCursor in, boolean hex, int depth)
      throws IOException {
    if (WireCursor.wireType(tag) == field.kind.wireType) {
      single(field, in, hex, depth);
      return;
    }
    WireCursor packed = Field.inner(in);
    while (!packed.atEnd()) {
      single(field, packed, hex, depth);
    }
  }

  private void single(Field field, WireCursor in, boolean hex, int depth) throws IOException {
    boolean isAddress = pretty && field.address;
    if (field.repeated && !isAddress) {
      out.item();
    }
    switch (field.kind) {
      case MESSAGE -> {
        out.begin('{');
        fields(field.message(schema), Field.inner(in), hex, depth + 1);
        out.end('}');
      }
      case STRING -> {
        int length = in.lengthDelimited();
        out.string(in.bytes(), in.position() - length, in.position());
      }
      case BYTES -> bytes(field, in);
      case BOOL -> out.raw(in.varint() == 0 ? FALSE : TRUE);
      case ENUM -> prettyNumber(field, field.kind.fromWire(in.varint()), hex);
      default -> {
        long value = field.kind.fromWire(number(field.kind, in));
        if (isAddress) {
          address = Arrays.copyOf(address, address.length + 1);
          address[address.length - 1] = value;
        } else if (pretty) {
          prettyNumber(field, value, hex);
        } else {
          out.number(value, field.kind.signed);
        }
      }
    }
  }

  private static long number(Kind kind, WireCursor in) throws ImageFormatException {
    return switch (kind.wireType) {
      case WireCursor.FIXED64 -> in.fixed64();
      case WireCursor.FIXED32 -> in.fixed32();
      default -> in.varint();
    };
  }

  private void bytes(Field field, WireCursor in) throws IOException {
    int length = in.lengthDelimited();
    int start = in.position() - length;
    if (field.unixName) {
      byte[] text = QuotedPrintable.encode(in.bytes(), start, in.position());
      out.string(text, 0, text.length);
    } else {
      out.base64(in.bytes(), start, in.position());
    }
  }

  private void prettyNumber(Field field, long value, boolean hex) throws IOException {
    String text = PrettyNumber.text(field, schema, value, hex);
    if (text == null) {
      out.number(value, field.kind.signed);
    } else {
      out.plainString(text);
    }
  }

  /** By ascending number, as they are written back: a message may have had them in any order. */
  private void unknownFields(MessageType type, WireCursor in) throws IOException {
    SortedMap<Integer, ByteArrayOutputStream> unknown = new TreeMap<>();
    while (!in.atEnd()) {
      int start = in.position();
      int tag = in.tag();
      in.skip(tag);
      if (type.known(tag) == null) {
        unknown
            .computeIfAbsent(WireCursor.number(tag), number -> new ByteArrayOutputStream())
            .write(in.bytes(), start, in.position() - start);
      }
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (ByteArrayOutputStream fields : unknown.values()) {
      fields.writeTo(all);
    }
    out.key(UNKNOWN_FIELDS);
    byte[] bytes = all.toByteArray();
    out.base64(bytes, 0, bytes.length);
  }

  private static String missing(MessageType type, WireCursor in) throws ImageFormatException {
    StringBuilder names = new StringBuilder();
    for (Field field : type.fields) {
      WireCursor again = in.within(in.position(), in.end());
      boolean found = !field.required;
      while (!again.atEnd() && !found) {
        int tag = again.tag();
        again.skip(tag);
        found = type.known(tag) == field;
      }
      names.append(found ? "" : " " + field.name);
    }
    return names.toString().trim();
  }
}
