// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.checkpoint;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The container that was dumped.
 *
 * @param id its id, or {@code pid-<N>} where no runtime is known
 * @param hostPid PID of its root process on the dumping host
 * @param runtime who ran it, such as {@code runc}; {@code none} where only /proc was there
 * @param image the image's name, where the runtime's annotations tell it
 * @param upperDirectory the overlay upperdir, where the root is one
 */
public record ContainerRecord(
    String id,
    int hostPid,
    String runtime,
    Optional<String> image,
    Optional<String> upperDirectory) {

  Map<String, Object> toYaml() {
    Map<String, Object> yaml = new LinkedHashMap<>();
    yaml.put("id", id);
    yaml.put("pid", hostPid);
    yaml.put("runtime", runtime);
    image.ifPresent(value -> yaml.put("image", value));
    upperDirectory.ifPresent(value -> yaml.put("upperDir", value));
    return yaml;
  }

  static ContainerRecord ofYaml(ManifestNode node) throws ManifestException {
    return new ContainerRecord(
        node.text("id"),
        (int) node.number("pid"),
        node.text("runtime"),
        node.optionalText("image"),
        node.optionalText("upperDir"));
  }
}
