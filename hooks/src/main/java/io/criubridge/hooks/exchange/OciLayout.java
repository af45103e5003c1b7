// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.criubridge.core.checkpoint.CheckpointManifest;
import io.criubridge.core.sys.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.security.DigestInputStream;
import java.util.HexFormat;

/**
 * A checkpoint as an image.
 *
 * <p>Source: image-layout.md, manifest.md and config.md of the OCI image specification
 */
final class OciLayout {

  static final String INDEX = "index.json";
  static final String MARKER = "oci-layout";
  static final String BLOBS = "blobs/sha256/";

  private static final String MEDIA = "application/vnd.oci.image.";
  private static final String LAYER = MEDIA + "layer.v1.tar";
  private static final int SCHEMA = 2;

  private OciLayout() {}

  /**
   * Writes the layout.
   *
   * @param layer the checkpoint's archive, from its beginning
   */
  static void write(SeekableByteChannel layer, CheckpointManifest manifest, OutputStream out)
      throws IOException {
    String digest = digest(layer);
    byte[] config = ContainerDescription.text(config(manifest, digest)).getBytes(UTF_8);
    JsonArray layers = new JsonArray();
    layers.add(descriptor(LAYER, digest, layer.size()));
    JsonObject annotations = new JsonObject();
    new ContainerDescription(manifest).annotations().forEach(annotations::addProperty);
    JsonObject image = new JsonObject();
    image.addProperty("schemaVersion", SCHEMA);
    image.addProperty("mediaType", MEDIA + "manifest.v1+json");
    image.add("config", descriptor(MEDIA + "config.v1+json", Sha256.of(config), config.length));
    image.add("layers", layers);
    image.add("annotations", annotations);
    byte[] text = ContainerDescription.text(image).getBytes(UTF_8);
    JsonArray manifests = new JsonArray();
    manifests.add(descriptor(MEDIA + "manifest.v1+json", Sha256.of(text), text.length));
    JsonObject index = new JsonObject();
    index.addProperty("schemaVersion", SCHEMA);
    index.add("manifests", manifests);
    try (TarFiles tar = new TarFiles(out, manifest.createdAt())) {
      tar.add(MARKER, "{\"imageLayoutVersion\": \"1.0.0\"}\n".getBytes(UTF_8));
      tar.add(INDEX, ContainerDescription.text(index).getBytes(UTF_8));
      tar.add(BLOBS + Sha256.of(config), config);
      tar.add(BLOBS + Sha256.of(text), text);
      layer.position(0);
      Channels.newInputStream(layer).transferTo(tar.begin(BLOBS + digest, layer.size()));
      tar.end();
    }
  }

  private static String digest(SeekableByteChannel layer) throws IOException {
    layer.position(0);
    InputStream bytes = Channels.newInputStream(layer);
    DigestInputStream in = new DigestInputStream(bytes, Sha256.digest());
    in.transferTo(OutputStream.nullOutputStream());
    return HexFormat.of().formatHex(in.getMessageDigest().digest());
  }

  private static JsonObject config(CheckpointManifest manifest, String layerDigest) {
    JsonArray diffs = new JsonArray();
    diffs.add("sha256:" + layerDigest);
    JsonObject rootfs = new JsonObject();
    rootfs.addProperty("type", "layers");
    rootfs.add("diff_ids", diffs);
    JsonObject config = new JsonObject();
    config.addProperty("created", manifest.createdAt().toString());
    config.addProperty("architecture", architecture(manifest.machine().architecture()));
    config.addProperty("os", "linux");
    config.add("config", new JsonObject());
    config.add("rootfs", rootfs);
    return config;
  }

  /** Go's name of an architecture, which images go by. */
  private static String architecture(String name) {
    return switch (name) {
      case "x86_64" -> "amd64";
      case "aarch64" -> "arm64";
      default -> name;
    };
  }

  private static JsonObject descriptor(String mediaType, String digest, long size) {
    JsonObject descriptor = new JsonObject();
    descriptor.addProperty("mediaType", mediaType);
    descriptor.addProperty("digest", "sha256:" + digest);
    descriptor.addProperty("size", size);
    return descriptor;
  }
}
