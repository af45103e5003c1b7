// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.exchange;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.criubridge.core.checkpoint.CheckpointLayout;
import io.criubridge.core.checkpoint.MountRecord;
import io.criubridge.core.sys.SmallFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an engine's own files tell of a container: {@code config.dump}, {@code spec.dump}, {@code
 * bind.mounts}. All of them may be missing, and all are hostile.
 *
 * @param id of the container
 * @param runtime the engine
 * @param image the image's name
 * @param checkpointedAt when it was dumped
 * @param binds the bind mounts, by their places in the container
 */
record EngineFiles(
    String id,
    String runtime,
    Optional<String> image,
    Optional<Instant> checkpointedAt,
    Map<String, Bind> binds) {

  /** Source: {@code internal/container.go} of checkpointctl. */
  private static final String MANAGER = "io.container.manager";

  /**
   * A bind mount.
   *
   * @param source on the dumping machine
   * @param type only CRI-O notes it
   */
  record Bind(String source, MountRecord.Type type) {}

  /** Copies the map. */
  EngineFiles {
    binds = Map.copyOf(binds);
  }

  static EngineFiles read(Path directory) throws IOException {
    JsonObject config = object(directory.resolve(ExchangeLayout.CONFIG_DUMP));
    JsonObject spec = object(directory.resolve(ExchangeLayout.SPEC_DUMP));
    Map<String, Bind> binds = new HashMap<>();
    for (JsonElement mount : elements(spec.get("mounts"))) {
      if (text(mount, "type").filter("bind"::equals).isPresent()) {
        addBind(binds, mount, MountRecord.Type.UNKNOWN);
      }
    }
    Path list = directory.resolve(CheckpointLayout.BIND_MOUNTS);
    for (JsonElement mount : elements(json(list))) {
      boolean file = text(mount, "file_type").filter("file"::equals).isPresent();
      addBind(binds, mount, file ? MountRecord.Type.FILE : MountRecord.Type.DIRECTORY);
    }
    return new EngineFiles(
        text(config, "id").orElse("imported"),
        engine(spec.get("annotations")),
        text(config, "rootfsImageName"),
        text(config, "checkpointedTime").flatMap(EngineFiles::time),
        binds);
  }

  private static void addBind(Map<String, Bind> binds, JsonElement mount, MountRecord.Type type) {
    Optional<String> source = text(mount, "source").filter(path -> path.startsWith("/"));
    Optional<String> destination = text(mount, "destination");
    if (source.isPresent() && destination.isPresent()) {
      binds.put(destination.get(), new Bind(source.get(), type));
    }
  }

  private static String engine(@Nullable JsonElement annotations) {
    Optional<String> manager = text(annotations, MANAGER);
    return manager.map(name -> name.equals("libpod") ? "podman" : name).orElse("containerd");
  }

  private static Optional<Instant> time(String text) {
    try {
      return Optional.of(OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeParseException e) {
      // For people only.
      return Optional.empty();
    }
  }

  private static JsonObject object(Path file) throws IOException {
    JsonElement json = json(file);
    return json.isJsonObject() ? json.getAsJsonObject() : new JsonObject();
  }

  private static JsonElement json(Path file) throws IOException {
    if (!Files.exists(file)) {
      return new JsonObject();
    }
    String text = SmallFile.text(file);
    try {
      return JsonParser.parseString(text);
    } catch (RuntimeException e) {
      throw new IOException(file.getFileName() + ": not JSON: " + e.getMessage(), e);
    }
  }

  private static Iterable<JsonElement> elements(@Nullable JsonElement list) {
    return list != null && list.isJsonArray() ? list.getAsJsonArray() : new JsonArray();
  }

  private static Optional<String> text(@Nullable JsonElement of, String key) {
    if (of == null || !of.isJsonObject()) {
      return Optional.empty();
    }
    JsonElement value = of.getAsJsonObject().get(key);
    return value != null && value.isJsonPrimitive()
        ? Optional.of(value.getAsString()).filter(text -> !text.isEmpty())
        : Optional.empty();
  }
}
