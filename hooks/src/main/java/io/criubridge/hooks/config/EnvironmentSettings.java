// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.config;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads {@code CRIU_BRIDGE_*} variables: lists are a {@link ListText}, maps one of {@code
 * name=value}.
 */
final class EnvironmentSettings {

  /** Variables of the launcher and the plugin, which are no settings of a run. */
  private static final Set<String> RESERVED =
      Set.of(
          "CRIU_BRIDGE_RUN_DIR",
          "CRIU_BRIDGE_CONFIG",
          "CRIU_BRIDGE_JAVA",
          "CRIU_BRIDGE_HOOK",
          "CRIU_BRIDGE_WORKER_DIR",
          "CRIU_BRIDGE_CRIU",
          "CRIU_BRIDGE_ABORTED_PHASE",
          "CRIU_BRIDGE_TRACE");

  private EnvironmentSettings() {}

  static Map<Key, List<Setting>> read(Map<String, String> environment)
      throws ConfigurationException {
    Map<Key, List<Setting>> settings = new EnumMap<>(Key.class);
    for (Map.Entry<String, String> variable : environment.entrySet()) {
      String name = variable.getKey();
      if (!name.startsWith(Key.ENVIRONMENT_PREFIX) || RESERVED.contains(name)) {
        continue;
      }
      Optional<Key> key = Key.ofVariable(name);
      if (key.isEmpty()) {
        throw new ConfigurationException("environment variable " + name + ": no such setting");
      }
      settings.put(key.get(), values(key.get(), variable.getValue()));
    }
    return settings;
  }

  private static List<Setting> values(Key key, String text) throws ConfigurationException {
    String origin = "environment variable " + key.variable();
    if (key.shape() == Key.Shape.TEXT) {
      return List.of(new Setting("", text, origin));
    }
    List<Setting> values = new ArrayList<>();
    for (String item : ListText.split(text)) {
      int equals = item.indexOf('=');
      if (key.shape() == Key.Shape.MAP && equals >= 0) {
        values.add(new Setting(item.substring(0, equals), item.substring(equals + 1), origin));
      } else if (!item.isEmpty()) {
        values.add(new Setting("", item, origin));
      }
    }
    return values;
  }
}
