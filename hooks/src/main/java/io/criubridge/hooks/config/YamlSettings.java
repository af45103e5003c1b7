// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.criubridge.hooks.config.Key.Shape;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads a YAML file into settings that know the line they come from. */
final class YamlSettings {

  private static final int MAX_BYTES = 1 << 20;

  private final Path file;

  private YamlSettings(Path file) {
    this.file = file;
  }

  /** Reads the file; one that does not exist has no settings. */
  static Map<Key, List<Setting>> read(Path file) throws IOException {
    if (!Files.exists(file)) {
      return Map.of();
    }
    requireTrusted(file);
    try {
      return new YamlSettings(file).parse(Files.readString(file, UTF_8));
    } catch (CharacterCodingException e) {
      throw new ConfigurationException(file + ": not UTF-8");
    }
  }

  /** Settings decide what a root process mounts and writes: nobody but root may write them. */
  private static void requireTrusted(Path file) throws IOException {
    int uid = number(file, "uid");
    int mode = number(file, "mode");
    if (uid != 0 || (mode & 022) != 0) {
      throw new ConfigurationException(
          String.format(
              "%s: belongs to uid %d with mode %o; it must belong to root and be writable by root"
                  + " only",
              file, uid, mode & 07777));
    }
    if (Files.size(file) > MAX_BYTES) {
      throw new ConfigurationException(file + ": larger than " + MAX_BYTES + " bytes");
    }
  }

  private static int number(Path file, String attribute) throws IOException {
    return (int) requireNonNull(Files.getAttribute(file, "unix:" + attribute));
  }

  private Map<Key, List<Setting>> parse(String text) throws ConfigurationException {
    Map<Key, List<Setting>> settings = new EnumMap<>(Key.class);
    Optional<Node> document;
    try {
      LoadSettings yaml = LoadSettings.builder().setLabel(file.toString()).build();
      document = new Compose(yaml).composeString(text);
    } catch (MarkedYamlEngineException e) {
      throw new ConfigurationException(
          origin(e.getProblemMark()) + ": not YAML: " + e.getProblem());
    } catch (YamlEngineException e) {
      throw new ConfigurationException(file + ": not YAML: " + e.getMessage());
    }
    if (document.isEmpty() || isNothing(document.get())) {
      return settings;
    }
    if (!(document.get() instanceof MappingNode mapping)) {
      throw new ConfigurationException(origin(document.get()) + ": not a list of 'key: value'");
    }
    for (NodeTuple tuple : mapping.getValue()) {
      String name = scalar(tuple.getKeyNode());
      Key key =
          Key.ofYaml(name)
              .orElseThrow(
                  () ->
                      new ConfigurationException(
                          origin(tuple.getKeyNode())
                              + ": unknown key '"
                              + name
                              + "'; there are: "
                              + Key.all()));
      if (settings.put(key, values(key, tuple.getValueNode())) != null) {
        throw twice(tuple.getKeyNode(), name);
      }
    }
    return settings;
  }

  /** As {@code ---} alone is. */
  private static boolean isNothing(Node document) {
    return document instanceof ScalarNode scalar && scalar.getValue().isEmpty();
  }

  private List<Setting> values(Key key, Node node) throws ConfigurationException {
    List<Setting> values = new ArrayList<>();
    if (node instanceof ScalarNode scalar) {
      values.add(new Setting("", scalar.getValue(), origin(node)));
    } else if (node instanceof SequenceNode list && key.shape() == Shape.LIST) {
      for (Node item : list.getValue()) {
        values.add(new Setting("", scalar(item), origin(item)));
      }
    } else if (node instanceof MappingNode map && key.shape() == Shape.MAP) {
      Set<String> names = new HashSet<>();
      for (NodeTuple tuple : map.getValue()) {
        String name = scalar(tuple.getKeyNode());
        if (!names.add(name)) {
          throw twice(tuple.getKeyNode(), name);
        }
        values.add(new Setting(name, scalar(tuple.getValueNode()), origin(tuple.getKeyNode())));
      }
    } else {
      throw new ConfigurationException(
          origin(node)
              + ": '"
              + key.yamlName()
              + "' takes "
              + switch (key.shape()) {
                case TEXT -> "one value";
                case LIST -> "a list";
                case MAP -> "'name: value' lines";
              });
    }
    return values;
  }

  private ConfigurationException twice(Node node, String name) {
    return new ConfigurationException(origin(node) + ": '" + name + "' is there twice");
  }

  private String scalar(Node node) throws ConfigurationException {
    if (node instanceof ScalarNode scalar) {
      return scalar.getValue();
    }
    throw new ConfigurationException(origin(node) + ": a plain value is expected here");
  }

  private String origin(Node node) {
    return origin(node.getStartMark());
  }

  private String origin(Optional<Mark> mark) {
    return mark.map(m -> file + ":" + (m.getLine() + 1)).orElse(file.toString());
  }
}
