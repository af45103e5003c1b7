// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.criubridge.images.FrameWriter;
import io.criubridge.images.ImageType;
import io.criubridge.images.json.CritJson.Form;
import io.criubridge.images.json.CritJson.Payload;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Generated images of every type that has messages and nothing else, with every field that CRIU's
 * schema has: of many types no program was recorded.
 */
class EveryTypeTest {

  private static final Path FILE = Path.of("generated.img");
  private static final int IMAGES = 40;
  private static final int DEEP = 3;
  private static final long[] NUMBERS = {0, 1, 2, 0x7f, 0x80, -1, Integer.MIN_VALUE, 1L << 40};
  private static final List<String> TEXTS =
      List.of("", "/a b", "\"\\\n\t\u0001\u007f", "äöü € \ud83d\ude00", "=41=", "0x1f | 7:3");

  static Stream<ImageType> types() {
    return Stream.of(ImageType.values())
        .filter(type -> type.hasEntries() && type.payloadRule().isMessagesOnly());
  }

  @ParameterizedTest
  @MethodSource("types")
  void image_comesBackByteForByte(ImageType type) throws IOException {
    Random random = new Random(type.ordinal());
    for (int i = 0; i < IMAGES; i++) {
      byte[] image = image(type, random);
      for (Form form : Form.values()) {
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        CritJson.decode(new ByteArrayInputStream(image), FILE, json, form, Payload.WHOLE);
        ByteArrayOutputStream back = new ByteArrayOutputStream();
        CritJson.encode(new ByteArrayInputStream(json.toByteArray()), FILE, back);
        assertThat(back.toByteArray()).as("%s: %s", form, json.toString(UTF_8)).isEqualTo(image);
      }
    }
  }

  private static byte[] image(ImageType type, Random random) throws IOException {
    Schema schema = Schema.load();
    ByteArrayOutputStream image = new ByteArrayOutputStream();
    FrameWriter frames = new FrameWriter(image, type, random.nextInt(8) != 0);
    for (int entries = 1 + random.nextInt(4); entries > 0; entries--) {
      WireOutput message = new WireOutput();
      put(message, schema, schema.message(frames.nextMessage()), random, 0);
      frames.write(message.bytes(), 0, message.length());
    }
    frames.finish();
    return image.toByteArray();
  }

  private static void put(WireOutput out, Schema schema, MessageType type, Random random, int depth)
      throws IOException {
    for (Field field : type.fields) {
      int count = field.required ? 1 : random.nextInt(field.repeated ? 5 : 2);
      boolean tooDeep = field.kind == Kind.MESSAGE && depth == DEEP && !field.required;
      for (int i = 0; i < (tooDeep ? 0 : count); i++) {
        out.varint((long) field.number << 3 | field.kind.wireType);
        value(out, schema, field, random, depth);
      }
    }
  }

  private static void value(WireOutput out, Schema schema, Field field, Random random, int depth)
      throws IOException {
    switch (field.kind) {
      case MESSAGE -> {
        int start = out.length();
        put(out, schema, field.message(schema), random, depth + 1);
        out.prefixLength(start);
      }
      case STRING -> bytes(out, TEXTS.get(random.nextInt(TEXTS.size())).getBytes(UTF_8));
      case BYTES -> {
        byte[] bytes = new byte[random.nextInt(100)];
        random.nextBytes(bytes);
        bytes(out, bytes);
      }
      default -> number(out, field.kind, random);
    }
  }

  private static void bytes(WireOutput out, byte[] bytes) {
    out.varint(bytes.length);
    out.write(bytes, 0, bytes.length);
  }

  private static void number(WireOutput out, Kind kind, Random random) {
    boolean chosen = random.nextBoolean();
    long value =
        kind.toWire(fitting(chosen ? NUMBERS[random.nextInt(8)] : random.nextLong(), kind));
    switch (kind) {
      case FIXED32, SFIXED32 -> out.fixed(value, Integer.BYTES);
      case FIXED64, SFIXED64 -> out.fixed(value, Long.BYTES);
      default -> out.varint(value);
    }
  }

  /** As many of its bits as the field has. */
  private static long fitting(long number, Kind kind) {
    if (kind == Kind.BOOL) {
      return number & 1;
    }
    return kind.bits == Integer.SIZE ? kind.widen((int) number) : number;
  }
}
