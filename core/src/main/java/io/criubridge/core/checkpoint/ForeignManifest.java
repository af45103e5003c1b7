// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.checkpoint;

import io.criubridge.core.sys.SmallFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
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
}
