// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.criubridge.images.ImageFormatException;
import io.criubridge.images.WireCursor;
import org.jspecify.annotations.Nullable;

/** A field of a message, with the options that say how crit shows it. */
final class Field {
  private static final int REQUIRED = 2;
  private static final int REPEATED = 3;
  private static final int CRIU_OPTIONS = 1018;

  String name = "";
  int number;
  Kind kind = Kind.UINT32;
  boolean required;
  boolean repeated;
  boolean hex;
  boolean address;
  boolean device;
  boolean glibcDevice;
  boolean unixName;
  String flags = "";
  String dictionary = "";
  String typeName = "";
  byte[] quotedName = {};
  private @Nullable MessageType message;
  private @Nullable EnumType names;

  /** Reads a FieldDescriptorProto. */
  static Field read(WireCursor in) throws ImageFormatException {
    Field field = new Field();
    while (!in.atEnd()) {
      int tag = in.tag();
      switch (WireCursor.number(tag)) {
        case 1 -> field.name = text(in);
        case 3 -> field.number = (int) in.varint();
        case 4 -> field.readLabel((int) in.varint());
        case 5 -> field.kind = Kind.of((int) in.varint());
        case 6 -> field.typeName = text(in).substring(1);
        case 8 -> field.readOptions(inner(in));
        default -> in.skip(tag);
      }
    }
    field.quotedName = ('"' + field.name + '"').getBytes(ISO_8859_1);
    return field;
  }

  /** The type of a field that is a message. */
  MessageType message(Schema schema) throws ImageFormatException {
    if (message == null) {
      message = schema.message(typeName);
    }
    return message;
  }

  /** The names of the values of a field: those of its enum or else those that crit has for it. */
  EnumType names(Schema schema) throws ImageFormatException {
    if (names == null) {
      names = kind == Kind.ENUM ? schema.enumType(typeName) : PrettyNames.dictionary(this);
    }
    return names;
  }

  private void readLabel(int label) {
    required = label == REQUIRED;
    repeated = label == REPEATED;
  }

  private void readOptions(WireCursor in) throws ImageFormatException {
    while (!in.atEnd()) {
      int tag = in.tag();
      if (WireCursor.number(tag) == CRIU_OPTIONS) {
        readCriuOptions(inner(in));
      } else {
        in.skip(tag);
      }
    }
  }

  private void readCriuOptions(WireCursor in) throws ImageFormatException {
    while (!in.atEnd()) {
      int tag = in.tag();
      switch (WireCursor.number(tag)) {
        case 1 -> hex = in.varint() != 0;
        case 2 -> address = in.varint() != 0;
        case 3 -> flags = text(in);
        case 4 -> device = in.varint() != 0;
        case 5 -> glibcDevice = in.varint() != 0;
        case 6 -> dictionary = text(in);
        case 7 -> unixName = text(in).equals("unix_name");
        default -> in.skip(tag);
      }
    }
  }

  static WireCursor inner(WireCursor in) throws ImageFormatException {
    int length = in.lengthDelimited();
    return in.within(in.position() - length, in.position());
  }

  static String text(WireCursor in) throws ImageFormatException {
    int length = in.lengthDelimited();
    return new String(in.bytes(), in.position() - length, length, UTF_8);
  }
}
