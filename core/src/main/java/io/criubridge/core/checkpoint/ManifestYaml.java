// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.checkpoint;

import io.criubridge.core.sys.BytePath;
import java.util.Locale;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** The manifest's text. */
final class ManifestYaml {

  private static final int MAX_CODE_POINTS = 64 << 20;

  private ManifestYaml() {}

  static String write(Map<?, ?> document) {
    DumpSettings settings =
        DumpSettings.builder()
            .setDefaultFlowStyle(FlowStyle.BLOCK)
            .setWidth(10_000)
            .setDereferenceAliases(true)
            .build();
    return new Dump(settings).dumpToString(document);
  }

  static ManifestNode read(String place, String text) throws ManifestException {
    LoadSettings settings =
        LoadSettings.builder().setLabel(place).setCodePointLimit(MAX_CODE_POINTS).build();
    try {
      return ManifestNode.of(place, new Load(settings).loadFromString(text));
    } catch (YamlEngineException | IllegalArgumentException e) {
      // The library answers a torn escape with a NumberFormatException.
      throw new ManifestException(place + ": not YAML: " + e.getMessage(), e);
    }
  }

  static String name(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  static BytePath path(ManifestNode node, String key) throws ManifestException {
    try {
      return BytePath.of(node.text(key));
    } catch (IllegalArgumentException e) {
      throw new ManifestException(node.place() + "." + key + ": " + e.getMessage(), e);
    }
  }
}
