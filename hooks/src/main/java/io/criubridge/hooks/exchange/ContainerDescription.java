// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.exchange;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.criubridge.core.checkpoint.CheckpointManifest;
import io.criubridge.core.checkpoint.ContainerRecord;
import io.criubridge.core.checkpoint.MountRecord;
import io.criubridge.core.checkpoint.MountRecord.Handling;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** What engines want to know of a container, made from a manifest. */
final class ContainerDescription {

  private final CheckpointManifest manifest;

  ContainerDescription(CheckpointManifest manifest) {
    this.manifest = manifest;
  }

  /**
   * {@code config.dump}. Source: {@code ContainerConfig} in {@code lib/metadata.go} of
   * checkpointctl
   */
  String config() {
    ContainerRecord container = manifest.container();
    String image = container.image().orElse("");
    JsonObject config = new JsonObject();
    config.addProperty("id", container.id());
    config.addProperty("name", container.id());
    config.addProperty("rootfsImage", image);
    config.addProperty("rootfsImageRef", image);
    config.addProperty("rootfsImageName", image);
    config.addProperty("runtime", "runc");
    config.addProperty("createdTime", manifest.createdAt().toString());
    config.addProperty("checkpointedTime", manifest.createdAt().toString());
    config.addProperty("restoredTime", Instant.EPOCH.toString());
    config.addProperty("restored", false);
    return text(config);
  }

  /**
   * {@code spec.dump}, where the container's own spec is not at hand: what of it the manifest
   * tells. Readers tell the engine by annotations; these are containerd's.
   */
  String spec() {
    JsonObject annotations = new JsonObject();
    annotations.addProperty("io.kubernetes.cri.container-type", "container");
    annotations.addProperty("io.kubernetes.cri.container-name", manifest.container().id());
    manifest
        .container()
        .image()
        .ifPresent(image -> annotations.addProperty("io.kubernetes.cri.image-name", image));
    JsonArray mounts = new JsonArray();
    for (MountRecord mount : manifest.mounts()) {
      if (mount.handling() == Handling.EXTERNAL && mount.cgroupHierarchy().isEmpty()) {
        mounts.add(bind(mount));
      }
    }
    JsonObject root = new JsonObject();
    root.addProperty("path", "rootfs");
    JsonObject spec = new JsonObject();
    spec.addProperty("ociVersion", "1.0.2");
    spec.add("root", root);
    spec.add("mounts", mounts);
    spec.add("annotations", annotations);
    return text(spec);
  }

  private static JsonObject bind(MountRecord mount) {
    JsonArray options = new JsonArray();
    options.add("rbind");
    JsonObject bind = new JsonObject();
    bind.addProperty("destination", mount.mountPoint().text());
    bind.addProperty("type", "bind");
    bind.addProperty("source", mount.source().orElse(""));
    bind.add("options", options);
    return bind;
  }

  /**
   * The annotations of an OCI image. Source: {@code lib/annotations.go} of checkpointctl
   *
   * @return by name
   */
  Map<String, String> annotations() {
    Map<String, String> annotations = new LinkedHashMap<>();
    String prefix = "org.criu.checkpoint.";
    annotations.put(prefix + "engine.name", manifest.container().runtime());
    annotations.put(prefix + "container.name", manifest.container().id());
    manifest
        .container()
        .image()
        .ifPresent(
            image -> {
              annotations.put(prefix + "rootfsImageUserRequested", image);
              annotations.put(prefix + "rootfsImageName", image);
            });
    annotations.put(prefix + "criu.version", manifest.machine().criuVersion());
    annotations.put(prefix + "host.arch", manifest.machine().architecture());
    annotations.put(prefix + "host.kernel", manifest.machine().kernel());
    annotations.put(prefix + "container.id", manifest.container().id());
    return annotations;
  }

  static String text(JsonObject json) {
    return new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(json) + "\n";
  }
}
