// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.checkpoint;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A mapping of a manifest being read, with its place for messages.
 *
 * @param place such as {@code manifest.yaml: criuBridge.mounts[3]}
 * @param values as YAML gave them
 */
record ManifestNode(String place, Map<?, ?> values) {

  static ManifestNode of(String place, @Nullable Object value) throws ManifestException {
    if (value instanceof Map<?, ?> map) {
      return new ManifestNode(place, map);
    }
    throw new ManifestException(place + ": a mapping is expected here");
  }

  ManifestNode map(String key) throws ManifestException {
    return of(place + "." + key, values.get(key));
  }

  Optional<ManifestNode> optionalMap(String key) throws ManifestException {
    return values.get(key) == null ? Optional.empty() : Optional.of(map(key));
  }

  String text(String key) throws ManifestException {
    return optionalText(key).orElseThrow(() -> missing(key, "text"));
  }

  Optional<String> optionalText(String key) throws ManifestException {
    Object value = values.get(key);
    if (value == null) {
      return Optional.empty();
    }
    if (value instanceof String || value instanceof Number) {
      return Optional.of(value.toString());
    }
    throw missing(key, "text");
  }

  long number(String key) throws ManifestException {
    if (values.get(key) instanceof Number number) {
      return number.longValue();
    }
    throw missing(key, "a number");
  }

  <E extends Enum<E>> E choice(String key, Class<E> type) throws ManifestException {
    String text = text(key);
    for (E choice : type.getEnumConstants()) {
      if (choice.name().toLowerCase(Locale.ROOT).equals(text)) {
        return choice;
      }
    }
    throw new ManifestException(place + "." + key + ": '" + text + "' is not known");
  }

  /** How one item of a list is read. */
  interface ItemReader<T> {
    T read(ManifestNode node) throws ManifestException;
  }

  <T> List<T> each(String key, ItemReader<T> reader) throws ManifestException {
    List<T> items = new ArrayList<>();
    for (Object item : list(key)) {
      items.add(reader.read(of(place + "." + key + "[" + items.size() + "]", item)));
    }
    return items;
  }

  List<String> texts(String key) throws ManifestException {
    return list(key).stream().map(String::valueOf).toList();
  }

  List<Integer> numbers(String key) throws ManifestException {
    List<Integer> numbers = new ArrayList<>();
    for (Object item : list(key)) {
      if (!(item instanceof Integer number)) {
        throw missing(key, "a list of numbers");
      }
      numbers.add(number);
    }
    return numbers;
  }

  private List<?> list(String key) throws ManifestException {
    Object value = values.get(key);
    if (value == null) {
      return List.of();
    }
    if (value instanceof List<?> list) {
      return list;
    }
    throw missing(key, "a list");
  }

  private ManifestException missing(String key, String expected) {
    return new ManifestException(place + "." + key + ": " + expected + " is expected here");
  }
}
