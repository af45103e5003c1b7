// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.checkpoint;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A process as it was at dump.
 *
 * @param rootPid its PID in the PID namespace of the container's root process
 * @param nsPids its PIDs in all namespaces, outermost first
 * @param command its command name
 */
public record ProcessRecord(int rootPid, List<Integer> nsPids, String command) {

  /** Copies the list. */
  public ProcessRecord {
    nsPids = List.copyOf(nsPids);
  }

  Map<String, Object> toYaml() {
    Map<String, Object> yaml = new LinkedHashMap<>();
    yaml.put("pid", rootPid);
    yaml.put("nsPids", nsPids);
    yaml.put("command", command);
    return yaml;
  }

  static ProcessRecord ofYaml(ManifestNode node) throws ManifestException {
    return new ProcessRecord(
        (int) node.number("pid"), node.numbers("nsPids"), node.text("command"));
  }
}
