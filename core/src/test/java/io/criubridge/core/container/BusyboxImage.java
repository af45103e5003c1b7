// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.container;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * An image with nothing but busybox, which sleeps.
 *
 * <p>Source: OCI image specification, image-layout.md
 */
final class BusyboxImage {
  static final String NAME = "localhost/criu-bridge-it:1";

  private static final String MEDIA = "application/vnd.oci.image.";

  private BusyboxImage() {}

  /** Writes the image as an archive that {@code ctr images import} reads. */
  static void write(Path archive) throws IOException {
    Map<String, byte[]> blobs = new LinkedHashMap<>();
    byte[] layer = layer();
    String config =
        """
        {"architecture": "amd64", "os": "linux",
         "config": {"Cmd": ["/bin/busybox", "sleep", "600"], "Env": ["PATH=/bin"]},
         "rootfs": {"type": "layers", "diff_ids": ["%s"]}}
        """
            .formatted(digest(layer));
    String layerBlob = blob(blobs, layer, MEDIA + "layer.v1.tar", "");
    String configBlob = blob(blobs, config.getBytes(UTF_8), MEDIA + "config.v1+json", "");
    String manifest =
        "{\"schemaVersion\": 2, \"config\": %s, \"layers\": [%s]}".formatted(configBlob, layerBlob);
    String names = ", \"annotations\": {\"io.containerd.image.name\": \"" + NAME + "\"}";
    String manifestBlob = blob(blobs, manifest.getBytes(UTF_8), MEDIA + "manifest.v1+json", names);
    blobs.put("oci-layout", "{\"imageLayoutVersion\": \"1.0.0\"}".getBytes(UTF_8));
    blobs.put(
        "index.json",
        "{\"schemaVersion\": 2, \"manifests\": [%s]}".formatted(manifestBlob).getBytes(UTF_8));
    Files.write(archive, tar(blobs, 0644));
  }

  private static byte[] layer() throws IOException {
    return tar(Map.of("bin/busybox", Files.readAllBytes(Path.of("/bin/busybox"))), 0755);
  }

  private static byte[] tar(Map<String, byte[]> files, int mode) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        TarArchiveEntry entry = new TarArchiveEntry(file.getKey());
        entry.setSize(file.getValue().length);
        entry.setMode(mode);
        tar.putArchiveEntry(entry);
        tar.write(file.getValue());
        tar.closeArchiveEntry();
      }
    }
    return bytes.toByteArray();
  }

  /** Adds a blob and describes it. */
  private static String blob(
      Map<String, byte[]> blobs, byte[] content, String mediaType, String more) {
    String digest = digest(content);
    blobs.put("blobs/" + digest.replace(':', '/'), content);
    return "{\"mediaType\": \"%s\", \"digest\": \"%s\", \"size\": %d%s}"
        .formatted(mediaType, digest, content.length, more);
  }

  private static String digest(byte[] content) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(content);
      return "sha256:" + HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
