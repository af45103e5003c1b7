// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.criubridge.images.json.CritJson.Form;
import io.criubridge.images.json.CritJson.Payload;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;

/** Decoding and encoding of small images; JSON is of bytes, each a character. */
final class InMemory {
  private InMemory() {}

  static String decode(String name, byte[] image, Form form) throws IOException {
    return decode(name, image, form, Payload.WHOLE);
  }

  static String decode(String name, byte[] image, Form form, Payload payload) throws IOException {
    ByteArrayOutputStream json = new ByteArrayOutputStream();
    CritJson.decode(new ByteArrayInputStream(image), Path.of(name), json, form, payload);
    return json.toString(ISO_8859_1);
  }

  static byte[] encode(String json) throws IOException {
    ByteArrayOutputStream image = new ByteArrayOutputStream();
    CritJson.encode(
        new ByteArrayInputStream(json.getBytes(ISO_8859_1)), Path.of("test.json"), image);
    return image.toByteArray();
  }
}
