// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.images;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Values as JSON: names as {@link Printable#exact}, addresses as hexadecimal text. */
public final class Json {
  private final JsonObject object = new JsonObject();

  public static Json object() {
    return new Json();
  }

  public Json with(String key, Object value) {
    object.add(key, of(value));
    return this;
  }

  public Json address(String key, long value) {
    return with(key, "0x%x".formatted(value));
  }

  public JsonObject build() {
    return object;
  }

  public static JsonElement of(Object value) {
    if (value instanceof JsonElement element) {
      return element;
    } else if (value instanceof Json json) {
      return json.object;
    } else if (value instanceof Number number) {
      return new JsonPrimitive(number);
    } else if (value instanceof Boolean truth) {
      return new JsonPrimitive(truth);
    } else if (value instanceof ByteString bytes) {
      return new JsonPrimitive(Printable.exact(bytes));
    } else if (value instanceof Optional<?> optional) {
      return optional.isPresent() ? of(optional.get()) : JsonNull.INSTANCE;
    } else if (value instanceof OptionalLong optional) {
      return optional.isPresent() ? of(optional.getAsLong()) : JsonNull.INSTANCE;
    } else if (value instanceof List<?> list) {
      JsonArray array = new JsonArray();
      list.forEach(each -> array.add(of(each)));
      return array;
    }
    return new JsonPrimitive(value.toString());
  }
}
