// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.FileStat;
import io.criubridge.core.sys.ScopedRoot;
import io.criubridge.core.sys.SmallFile;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where the layers of the image were when a container's changes were captured. What a change is,
 * something new or another state of what is in the image, only they can tell; to ask them for each
 * path would take time that the tasks stand still. So it is asked later, if they are still there.
 *
 * @param layers topmost first
 */
public record ImageLayers(List<Layer> layers) {

  /** The list's name, in the archive's directory. */
  public static final String FILE_NAME = "image-layers.json";

  public static final ImageLayers UNKNOWN = new ImageLayers(List.of());

  /**
   * A directory, and how to know it again: another node may have something else at the same path.
   *
   * @param path on the machine of the capture
   * @param inode its number
   * @param changed when its inode was last changed
   */
  public record Layer(Path path, long inode, FileStat.Time changed) {

    private static Optional<Layer> of(Path path) {
      try (ScopedRoot directory = ScopedRoot.open(path)) {
        return directory
            .stat(BytePath.ROOT)
            .map(stat -> new Layer(path, stat.ino(), stat.changed()));
      } catch (IOException e) {
        return Optional.empty();
      }
    }
  }

  /** Copies the list. */
  public ImageLayers {
    layers = List.copyOf(layers);
  }

  /**
   * Notes directories.
   *
   * @return {@link #UNKNOWN} if one of them is not to be found: the others do not tell what it
   *     hides
   */
  public static ImageLayers at(List<Path> paths) {
    List<Layer> layers = new ArrayList<>();
    for (Path path : paths) {
      Optional<Layer> layer = path.isAbsolute() ? Layer.of(path) : Optional.empty();
      if (layer.isEmpty()) {
        return UNKNOWN;
      }
      layers.add(layer.get());
    }
    return new ImageLayers(layers);
  }

  public boolean isEmpty() {
    return layers.isEmpty();
  }

  /** The first that is not there as it was. */
  public Optional<Path> missing() {
    return layers.stream()
        .filter(layer -> !Layer.of(layer.path()).equals(Optional.of(layer)))
        .map(Layer::path)
        .findFirst();
  }

  /** The directories. */
  public List<Path> paths() {
    return layers.stream().map(Layer::path).toList();
  }

  /** The list's file: {@code [{"path":"/…","inode":1,"changed":[seconds,nanoseconds]},...]}. */
  public byte[] toJson() throws IOException {
    StringWriter text = new StringWriter();
    JsonWriter json = new JsonWriter(text);
    json.beginArray();
    for (Layer layer : layers) {
      json.beginObject();
      json.name("path").value(layer.path().toString());
      json.name("inode").value(layer.inode());
      json.name("changed").beginArray();
      json.value(layer.changed().seconds()).value(layer.changed().nanos()).endArray();
      json.endObject();
    }
    json.endArray().flush();
    return text.toString().getBytes(UTF_8);
  }

  /**
   * Reads the list of an archive, {@link #UNKNOWN} if there is no such file.
   *
   * @throws IOException naming the file, if it is no such list
   */
  public static ImageLayers of(Path archive) throws IOException {
    Path file = archive.resolveSibling(FILE_NAME);
    if (!Files.exists(file)) {
      return UNKNOWN;
    }
    List<Layer> layers = new ArrayList<>();
    try (JsonReader json = new JsonReader(new StringReader(SmallFile.text(file)))) {
      json.beginArray();
      while (json.hasNext()) {
        layers.add(layer(json));
      }
      json.endArray();
      if (json.peek() != JsonToken.END_DOCUMENT) {
        throw new IllegalArgumentException("more than one list");
      }
      return new ImageLayers(layers);
    } catch (IOException | IllegalStateException | IllegalArgumentException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  private static Layer layer(JsonReader json) throws IOException {
    String path = "";
    long inode = 0;
    FileStat.Time changed = new FileStat.Time(0, 0);
    json.beginObject();
    while (json.hasNext()) {
      switch (json.nextName()) {
        case "path" -> path = json.nextString();
        case "inode" -> inode = json.nextLong();
        case "changed" -> {
          json.beginArray();
          changed = new FileStat.Time(json.nextLong(), json.nextInt());
          json.endArray();
        }
        default -> json.skipValue();
      }
    }
    json.endObject();
    if (!path.startsWith("/")) {
      throw new IllegalArgumentException("'" + path + "' is no absolute path");
    }
    return new Layer(Path.of(path), inode, changed);
  }
}
