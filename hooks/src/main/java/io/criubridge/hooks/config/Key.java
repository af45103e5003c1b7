// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The keys of the configuration, as in the YAML files; {@code docs/configuration.md} lists them.
 */
enum Key {
  PARTICIPATION("participation", Shape.TEXT),
  POLICY("policy", Shape.TEXT),
  EXCLUDE("exclude", Shape.LIST),
  TWO_PASS("capture.two-pass", Shape.TEXT),
  CONTROL_DIR("control-dir", Shape.TEXT),
  DEADLINE("deadline", Shape.MAP),
  MAP("map", Shape.MAP),
  EXTERNAL_NETNS("external-netns", Shape.TEXT),
  NETNS("netns", Shape.TEXT),
  UPPERDIR("upperdir", Shape.TEXT),
  RUNTIME_ROOTS("runtime-roots", Shape.LIST),
  RUNTIME("runtime", Shape.TEXT),
  RUNTIME_SOCKET("runtime-socket", Shape.TEXT),
  RUNTIME_NAMESPACE("runtime-namespace", Shape.TEXT),
  RUNTIME_DEADLINE("runtime-deadline", Shape.MAP),
  ROOT("root", Shape.TEXT),
  EXISTING("existing", Shape.TEXT),
  DIFF_LIMITS("diff-limits", Shape.MAP),
  CRIU_VERSION("criu-version", Shape.TEXT);

  /** How many values a key takes. */
  enum Shape {
    TEXT,
    LIST,
    MAP
  }

  static final String ENVIRONMENT_PREFIX = "CRIU_BRIDGE_";

  private final String yamlName;
  private final Shape shape;

  Key(String yamlName, Shape shape) {
    this.yamlName = yamlName;
    this.shape = shape;
  }

  String yamlName() {
    return yamlName;
  }

  Shape shape() {
    return shape;
  }

  String variable() {
    return ENVIRONMENT_PREFIX
        + yamlName.toUpperCase(Locale.ROOT).replace('-', '_').replace('.', '_');
  }

  static Optional<Key> ofYaml(String name) {
    return Arrays.stream(values()).filter(key -> key.yamlName.equals(name)).findFirst();
  }

  static Optional<Key> ofVariable(String name) {
    return Arrays.stream(values()).filter(key -> key.variable().equals(name)).findFirst();
  }

  static String all() {
    return Arrays.stream(values()).map(Key::yamlName).collect(Collectors.joining(", "));
  }
}
