// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.checkpoint;

import io.criubridge.core.sys.BytePath;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A mount of the container as it was at dump, with what was decided about it.
 *
 * @param mountPoint its place in the container
 * @param handling who brings it back
 * @param type what the mount point is
 * @param fsType such as {@code ext4}
 * @param key the name under which it is external in CRIU's images
 * @param source where it came from on the dumping machine
 * @param cgroupHierarchy of a cgroup mount, such as {@code cpu}; the source is then the group's
 *     path in that hierarchy
 * @param reason why, for people
 */
public record MountRecord(
    BytePath mountPoint,
    Handling handling,
    Type type,
    String fsType,
    Optional<String> key,
    Optional<String> source,
    Optional<String> cgroupHierarchy,
    String reason) {

  /** Who brings a mount back at restore. */
  public enum Handling {
    /** Declared external: a path of the restoring machine is mounted. */
    EXTERNAL,
    /** CRIU has it in its images. */
    NATIVE,
    /** Left out. */
    SKIPPED,
    /** Declared by the caller of CRIU. */
    CALLER
  }

  /** What a mount point is. */
  public enum Type {
    /** A directory. */
    DIRECTORY,
    /** Anything else. */
    FILE,
    /** The tool that made the checkpoint has not noted it. */
    UNKNOWN
  }

  MountRecord withKey(Map<String, String> keys) {
    return new MountRecord(
        mountPoint,
        handling,
        type,
        fsType,
        key.map(old -> keys.getOrDefault(old, old)),
        source,
        cgroupHierarchy,
        reason);
  }

  Map<String, Object> toYaml() {
    Map<String, Object> yaml = new LinkedHashMap<>();
    yaml.put("mountPoint", mountPoint.text());
    yaml.put("handling", ManifestYaml.name(handling));
    yaml.put("type", ManifestYaml.name(type));
    yaml.put("fsType", fsType);
    key.ifPresent(value -> yaml.put("key", value));
    source.ifPresent(value -> yaml.put("source", value));
    cgroupHierarchy.ifPresent(value -> yaml.put("cgroupHierarchy", value));
    yaml.put("reason", reason);
    return yaml;
  }

  static MountRecord ofYaml(ManifestNode node) throws ManifestException {
    return new MountRecord(
        ManifestYaml.path(node, "mountPoint"),
        node.choice("handling", Handling.class),
        node.choice("type", Type.class),
        node.text("fsType"),
        node.optionalText("key"),
        node.optionalText("source"),
        node.optionalText("cgroupHierarchy"),
        node.text("reason"));
  }
}
