// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.json;

import io.criubridge.images.ImageFormatException;
import io.criubridge.images.WireCursor;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The order of a message's fields. CRIU writes them by ascending number, each once or, if repeated,
 * one after the other; readers must take any order, where the last value of a field counts and the
 * parts of a message are one.
 */
final class WireOrder {
  private WireOrder() {}

  private record Part(int tag, @Nullable Field field, int start, int body, int end) {
    int order() {
      return field == null ? Integer.MAX_VALUE : field.number;
    }
  }

  /** A message with its known fields in CRIU's order; the message itself if they are. */
  static WireCursor inOrder(MessageType type, WireCursor message) throws ImageFormatException {
    return isInOrder(type, message.within(message.position(), message.end()))
        ? message
        : sorted(type, message);
  }

  private static boolean isInOrder(MessageType type, WireCursor in) throws ImageFormatException {
    Field last = null;
    boolean afterUnknown = false;
    while (!in.atEnd()) {
      int tag = in.tag();
      Field field = type.known(tag);
      if (field == null) {
        afterUnknown = true;
      } else {
        if (last != null
            && (field.number < last.number
                || (field == last && (!field.repeated || afterUnknown)))) {
          return false;
        }
        last = field;
        afterUnknown = false;
      }
      in.skip(tag);
    }
    return true;
  }

  private static WireCursor sorted(MessageType type, WireCursor in) throws ImageFormatException {
    List<Part> parts = new ArrayList<>();
    while (!in.atEnd()) {
      int start = in.position();
      int tag = in.tag();
      int body = in.position();
      in.skip(tag);
      if (WireCursor.wireType(tag) == WireCursor.LENGTH_DELIMITED) {
        WireCursor length = in.within(body, in.end());
        length.varint();
        body = length.position();
      }
      parts.add(new Part(tag, type.known(tag), start, body, in.position()));
    }
    parts.sort(Comparator.comparingInt(Part::order));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < parts.size(); i++) {
      Part part = parts.get(i);
      Field field = part.field;
      int next = i + 1;
      while (field != null
          && !field.repeated
          && next < parts.size()
          && parts.get(next).field == field) {
        next++;
      }
      if (next > i + 1 && field != null && field.kind == Kind.MESSAGE) {
        merge(in.bytes(), parts.subList(i, next), out);
      } else {
        Part last = parts.get(next - 1);
        out.write(in.bytes(), last.start, last.end - last.start);
      }
      i = next - 1;
    }
    byte[] bytes = out.toByteArray();
    // The places of a sorted copy are not those of the file: exceptions name the message's own.
    return in.within(0, 0).over(bytes, in.end());
  }

  private static void merge(byte[] bytes, List<Part> parts, ByteArrayOutputStream out) {
    int length = parts.stream().mapToInt(part -> part.end - part.body).sum();
    WireOutput prefix = new WireOutput();
    prefix.varint(parts.get(0).tag);
    prefix.varint(length);
    out.write(prefix.bytes(), 0, prefix.length());
    parts.forEach(part -> out.write(bytes, part.body, part.end - part.body));
  }
}
