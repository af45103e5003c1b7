// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.checkpoint;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a checkpoint was made on.
 *
 * @param architecture as {@code uname -m} has it
 * @param kernel release, such as {@code 6.1.0-25-amd64}
 * @param criuVersion such as {@code 4.1.1}
 * @param bridgeVersion of criu-bridge
 */
public record Machine(
    String architecture, String kernel, String criuVersion, String bridgeVersion) {

  Map<String, Object> toYaml() {
    Map<String, Object> yaml = new LinkedHashMap<>();
    yaml.put("architecture", architecture);
    yaml.put("kernel", kernel);
    yaml.put("criu", criuVersion);
    yaml.put("criuBridge", bridgeVersion);
    return yaml;
  }

  static Machine ofYaml(ManifestNode node) throws ManifestException {
    return new Machine(
        node.text("architecture"), node.text("kernel"), node.text("criu"), node.text("criuBridge"));
  }
}
