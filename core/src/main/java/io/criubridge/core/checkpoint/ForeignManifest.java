// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.checkpoint;

import io.criubridge.core.sys.SmallFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The manifest of the Go snapshot agent: {@code manifest.yaml} without our key. What of it an
 * import needs; the mounts are told by CRIU's images.
 *
 * @param checkpointId unique among checkpoints
 * @param createdAt when it was made
 * @param containerId the container's id
 * @param hostPid PID of its first process on the dumping host
 */
public record ForeignManifest(
    String checkpointId, Instant createdAt, String containerId, int hostPid) {

  private static final String CRIU_DUMP = "criuDump";

  /** The keys of external mounts, by the mounts' places. */
  private static final String MOUNTS = "extMnt";

  /**
   * Reads a manifest.
   *
   * @return empty if it is one of ours
   * @throws ManifestException if it is damaged, naming the key
   */
  public static Optional<ForeignManifest> find(Path file) throws IOException {
    ManifestNode document = ManifestYaml.read(file.toString(), SmallFile.text(file));
    if (document.optionalMap("criuBridge").isPresent()) {
      return Optional.empty();
    }
    ManifestNode container = document.map("k8s");
    String created = document.text("createdAt");
    try {
      return Optional.of(
          new ForeignManifest(
              document.text("checkpointId"),
              Instant.parse(created),
              container.text("containerId"),
              (int) container.number("pid")));
    } catch (DateTimeParseException e) {
      throw new ManifestException(file + ".createdAt: is no time: " + created, e);
    }
  }

  /**
   * Gives mounts other keys, and leaves all else that the manifest says.
   *
   * @param keys new ones by old ones
   * @return the manifest's text
   * @throws ManifestException if it is damaged, naming the key
   */
  public static String withMountKeys(Path file, Map<String, String> keys) throws IOException {
    ManifestNode document = ManifestYaml.read(file.toString(), SmallFile.text(file));
    Map<Object, Object> whole = new LinkedHashMap<>(document.values());
    if (document.optionalMap(CRIU_DUMP).isPresent()) {
      ManifestNode dump = document.map(CRIU_DUMP);
      Map<Object, Object> edited = new LinkedHashMap<>(dump.values());
      if (dump.optionalMap(MOUNTS).isPresent()) {
        Map<Object, Object> mounts = new LinkedHashMap<>(dump.map(MOUNTS).values());
        mounts.replaceAll((place, key) -> keys.getOrDefault(String.valueOf(key), "" + key));
        edited.put(MOUNTS, mounts);
      }
      whole.put(CRIU_DUMP, edited);
    }
    return ManifestYaml.write(whole);
  }
}
