// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.json;

import io.criubridge.images.ImageFormatException;
import io.criubridge.images.WireCursor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * CRIU's schema, as protoc writes it (a FileDescriptorSet). Only the messages that are asked for
 * are read.
 */
final class Schema {
  private static final String RESOURCE = "schema.protobin";
  private static final int FILE = 1;
  private static final int MESSAGE = 4;
  private static final int ENUM = 5;
  private static final int NESTED_ENUM = 4;
  private static final int NAME = 1;

  private final Map<String, WireCursor> messageBytes = new HashMap<>();
  private final Map<String, WireCursor> enumBytes = new HashMap<>();
  private final Map<String, MessageType> messages = new HashMap<>();

  /** Images have one message after the other of one type. */
  private @Nullable MessageType lastMessage;

  private Schema(WireCursor set) throws ImageFormatException {
    while (!set.atEnd()) {
      int tag = set.tag();
      if (WireCursor.number(tag) == FILE) {
        indexFile(Field.inner(set));
      } else {
        set.skip(tag);
      }
    }
  }

  static Schema load() throws IOException {
    byte[] bytes = OwnFile.read(RESOURCE);
    return new Schema(new WireCursor(Path.of(RESOURCE), bytes, 0, bytes.length, 0));
  }

  MessageType message(String name) throws ImageFormatException {
    MessageType last = lastMessage;
    if (last != null && last.name.equals(name)) {
      return last;
    }
    MessageType type = messages.get(name);
    if (type == null) {
      type = MessageType.read(restart(messageBytes, name));
      messages.put(name, type);
    }
    lastMessage = type;
    return type;
  }

  EnumType enumType(String name) throws ImageFormatException {
    return EnumType.read(restart(enumBytes, name));
  }

  private static WireCursor restart(Map<String, WireCursor> index, String name) {
    WireCursor found = index.get(name);
    if (found == null) {
      throw new IllegalStateException("the schema has no " + name);
    }
    return found.within(found.position(), found.end());
  }

  private void indexFile(WireCursor file) throws ImageFormatException {
    while (!file.atEnd()) {
      int tag = file.tag();
      switch (WireCursor.number(tag)) {
        case MESSAGE -> indexMessage(Field.inner(file));
        case ENUM -> indexEnum("", Field.inner(file));
        default -> file.skip(tag);
      }
    }
  }

  private void indexMessage(WireCursor message) throws ImageFormatException {
    int start = message.position();
    String name = "";
    while (!message.atEnd()) {
      int tag = message.tag();
      switch (WireCursor.number(tag)) {
        case NAME -> name = Field.text(message);
        case NESTED_ENUM -> indexEnum(name + ".", Field.inner(message));
        default -> message.skip(tag);
      }
    }
    messageBytes.put(name, message.within(start, message.end()));
  }

  private void indexEnum(String prefix, WireCursor type) throws ImageFormatException {
    int start = type.position();
    type.tag();
    enumBytes.put(prefix + Field.text(type), type.within(start, type.end()));
  }
}
