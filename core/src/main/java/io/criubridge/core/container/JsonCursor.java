// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.container;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import java.io.EOFException;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the JSON of Go programs in one pass: keys not asked for are skipped, and {@code null} is
 * the same as an empty list or map.
 */
final class JsonCursor {
  private final JsonReader json;

  private JsonCursor(JsonReader json) {
    this.json = json;
  }

  /** Reads a part of the file at the cursor. */
  @FunctionalInterface
  interface Part {
    void read() throws IOException;
  }

  /** Reads the whole file. */
  @FunctionalInterface
  interface Document<T> {
    T read(JsonCursor json) throws IOException;
  }

  /** Reads one value, which may be {@code null}. */
  @FunctionalInterface
  interface Value<T> {
    T read() throws IOException;
  }

  /** Opens a file and reads it; every complaint names the file and the place. */
  static <T> T read(Path file, Document<T> document) throws IOException {
    try (Reader in = Files.newBufferedReader(file)) {
      return read(file.toString(), in, document);
    }
  }

  /** Reads a text; every complaint names where it is from and the place. */
  static <T> T parse(String origin, String text, Document<T> document)
      throws ContainerFileException {
    try (Reader in = new StringReader(text)) {
      return read(origin, in, document);
    } catch (ContainerFileException e) {
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException("reading a string", e);
    }
  }

  private static <T> T read(String origin, Reader in, Document<T> document) throws IOException {
    JsonReader json = new JsonReader(in);
    try {
      T value = document.read(new JsonCursor(json));
      if (json.peek() != JsonToken.END_DOCUMENT) {
        throw new ContainerFileException(origin, json.getPath(), "more than one JSON value");
      }
      return value;
    } catch (MalformedJsonException | EOFException | CharacterCodingException e) {
      throw new ContainerFileException(origin, json.getPath(), "not JSON: " + e.getMessage());
    } catch (IllegalStateException | IllegalArgumentException e) {
      throw new ContainerFileException(origin, json.getPath(), String.valueOf(e.getMessage()));
    }
  }

  /** Reads an object, each known key with its part. */
  void object(Map<String, Part> parts) throws IOException {
    if (isNull()) {
      return;
    }
    json.beginObject();
    while (json.hasNext()) {
      Part part = parts.get(json.nextName());
      if (part == null) {
        json.skipValue();
      } else {
        part.read();
      }
    }
    json.endObject();
  }

  /** Reads a list, each element with this part. */
  void array(Part element) throws IOException {
    if (isNull()) {
      return;
    }
    json.beginArray();
    while (json.hasNext()) {
      element.read();
    }
    json.endArray();
  }

  /** Reads a value if there is one. */
  <T> Optional<T> optional(Value<T> value) throws IOException {
    return isNull() ? Optional.empty() : Optional.of(value.read());
  }

  String string() throws IOException {
    return isNull() ? "" : json.nextString();
  }

  List<String> strings() throws IOException {
    List<String> values = new ArrayList<>();
    array(() -> values.add(string()));
    return values;
  }

  Map<String, String> stringMap() throws IOException {
    Map<String, String> values = new LinkedHashMap<>();
    if (isNull()) {
      return values;
    }
    json.beginObject();
    while (json.hasNext()) {
      values.put(json.nextName(), string());
    }
    json.endObject();
    return values;
  }

  boolean bool() throws IOException {
    return !isNull() && json.nextBoolean();
  }

  int int32() throws IOException {
    return json.nextInt();
  }

  long int64() throws IOException {
    return json.nextLong();
  }

  private boolean isNull() throws IOException {
    if (json.peek() != JsonToken.NULL) {
      return false;
    }
    json.nextNull();
    return true;
  }
}
