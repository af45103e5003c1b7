// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.json;

import io.criubridge.images.FrameReader;
import io.criubridge.images.WireCursor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads JSON objects into messages, with the fields in the order in which CRIU writes them. */
final class JsonToMessage {

  /** Takes the members of an object that are not of its message. */
  interface OtherMembers {
    /** Reads the value of the member whose name was read last; false if there is none such. */
    boolean read(JsonInput in) throws IOException;
  }

  private static final int COMPAT_INDEX = 1;
  private static final int NR_PAGES = 5;

  private final Schema schema;
  private final JsonInput in;
  private final WireOutput out = new WireOutput();
  private final FieldOrder order = new FieldOrder(out);
  private final JsonToNumber numbers;

  JsonToMessage(Schema schema, JsonInput in) {
    this.schema = schema;
    this.in = in;
    this.numbers = new JsonToNumber(schema);
  }

  /** Reads an object; its message is good until the next one is read. */
  WireOutput read(MessageType type, OtherMembers others) throws IOException {
    out.truncate(0);
    object(type, others, 0);
    return out;
  }

  private void object(MessageType type, OtherMembers others, int depth) throws IOException {
    if (depth > MessageToJson.MAX_DEPTH) {
      throw in.unexpected("at most 100 messages in each other", "more");
    }
    in.expect('{');
    int mark = order.begin();
    int required = 0;
    int guess = 0;
    boolean compatSeen = false;
    for (boolean first = true; in.more('}', first); first = false) {
      int index = nextField(type.fields, guess);
      if (index < 0) {
        other(type, others);
        continue;
      }
      guess = index + 1;
      Field field = type.fields[index];
      if (type.hasRenamedField) {
        field = field.number == NR_PAGES && !compatSeen ? type.fields[COMPAT_INDEX] : field;
        compatSeen |= field == type.fields[COMPAT_INDEX];
      }
      required += field.required ? 1 : 0;
      order.note(field.number, true);
      member(field, depth);
      if (out.length() > FrameReader.MAX_ENTRY_BYTES) {
        throw in.unexpected(
            "an entry of at most " + FrameReader.MAX_ENTRY_BYTES + " bytes", "a longer one");
      }
    }
    if (!order.finish(mark)) {
      throw in.unexpected(type.name + " with each field once", "a field twice");
    }
    if (required < type.requiredFields) {
      throw in.unexpected("a whole " + type.name, "one that lacks a required field");
    }
  }

  /** Reads a member's name; returns its field, or -1 if it is none. */
  private int nextField(Field[] fields, int guess) throws IOException {
    int tries = Math.min(fields.length, guess + 3);
    for (int i = guess; i < tries; i++) {
      if (in.key(fields[i].quotedName)) {
        return i;
      }
    }
    in.key();
    for (int i = 0; i < fields.length; i++) {
      byte[] quoted = fields[i].quotedName;
      if (quoted.length == in.textLength() + 2
          && Arrays.equals(quoted, 1, quoted.length - 1, in.text(), 0, in.textLength())) {
        return i;
      }
    }
    return -1;
  }

  private void other(MessageType type, OtherMembers others) throws IOException {
    String name = in.asciiText();
    if (name.equals("unknown_fields")) {
      unknownFields();
    } else if (!others.read(in)) {
      throw in.unexpected("a field of " + type.name, '"' + name + '"');
    }
  }

  private void unknownFields() throws IOException {
    WireOutput raw = new WireOutput();
    Base64Text.read(in, raw);
    WireCursor fields = new WireCursor(Path.of("unknown_fields"), raw.bytes(), 0, raw.length(), 0);
    while (!fields.atEnd()) {
      int start = fields.position();
      int tag = fields.tag();
      fields.skip(tag);
      order.note(WireCursor.number(tag), false);
      out.write(raw.bytes(), start, fields.position() - start);
    }
  }

  private void member(Field field, int depth) throws IOException {
    if (!field.repeated) {
      value(field, depth);
      return;
    }
    in.expect('[');
    for (boolean first = true; in.more(']', first); first = false) {
      if (field.address && in.peek() == '"') {
        address(field);
      } else {
        value(field, depth);
      }
    }
  }

  private void value(Field field, int depth) throws IOException {
    switch (field.kind) {
      case MESSAGE -> {
        int start = begin(field);
        object(field.message(schema), in -> false, depth + 1);
        out.prefixLength(start);
      }
      case STRING -> {
        int start = begin(field);
        in.string();
        out.write(in.text(), 0, in.textLength());
        out.prefixLength(start);
      }
      case BYTES -> {
        int start = begin(field);
        bytes(field);
        out.prefixLength(start);
      }
      default -> {
        out.varint((long) field.number << 3 | field.kind.wireType);
        number(field, scalar(field));
      }
    }
  }

  private int begin(Field field) {
    out.varint((long) field.number << 3 | WireCursor.LENGTH_DELIMITED);
    return out.length();
  }

  private void bytes(Field field) throws IOException {
    if (field.unixName) {
      in.string();
      byte[] name = QuotedPrintable.decode(in.text(), 0, in.textLength());
      out.write(name, 0, name.length);
    } else {
      Base64Text.read(in, out);
    }
  }

  private long scalar(Field field) throws IOException {
    return switch (field.kind) {
      case BOOL -> in.truth() ? 1 : 0;
      case ENUM -> numbers.named(in, field);
      default -> numbers.number(in, field);
    };
  }

  private void number(Field field, long value) {
    long wire = field.kind.toWire(value);
    switch (field.kind.wireType) {
      case WireCursor.FIXED64 -> out.fixed(wire, Long.BYTES);
      case WireCursor.FIXED32 -> out.fixed(wire, Integer.BYTES);
      default -> out.varint(wire);
    }
  }

  private void address(Field field) throws IOException {
    in.string();
    long @Nullable [] words = IpAddress.words(in.asciiText());
    if (words == null) {
      throw in.unexpected("an internet address", '"' + in.asciiText() + '"');
    }
    for (long word : words) {
      out.varint((long) field.number << 3 | field.kind.wireType);
      number(field, word);
    }
  }
}
