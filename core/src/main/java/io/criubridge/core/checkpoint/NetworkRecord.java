// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.checkpoint;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A network namespace that was declared external.
 *
 * @param inode of the namespace on the dumping host
 * @param name the name that a restore hands a namespace in under
 */
public record NetworkRecord(long inode, String name) {

  Map<String, Object> toYaml() {
    Map<String, Object> yaml = new LinkedHashMap<>();
    yaml.put("inode", inode);
    yaml.put("name", name);
    return yaml;
  }

  static NetworkRecord ofYaml(ManifestNode node) throws ManifestException {
    return new NetworkRecord(node.number("inode"), node.text("name"));
  }
}
