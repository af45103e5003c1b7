// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.container;

import io.criubridge.core.container.JsonCursor.Part;
import io.criubridge.core.sys.BytePath;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What of a bundle's {@code config.json} a checkpoint needs.
 *
 * <p>Source: OCI runtime specification, config.md and config-linux.md
 *
 * @param rootPath the root directory as written, absolute or relative to the bundle
 * @param rootReadOnly whether the runtime made the root read-only
 * @param hostname empty for the host's
 * @param mounts in the order the runtime mounts them; later ones may cover earlier ones
 * @param maskedPaths what the container must not read
 * @param readonlyPaths what the container must not write
 * @param namespaces those not shared with the host
 * @param annotations the engine's notes
 */
public record OciSpec(
    String rootPath,
    boolean rootReadOnly,
    String hostname,
    List<OciMount> mounts,
    List<BytePath> maskedPaths,
    List<BytePath> readonlyPaths,
    List<OciNamespace> namespaces,
    Map<String, String> annotations) {

  public OciSpec {
    mounts = List.copyOf(mounts);
    maskedPaths = List.copyOf(maskedPaths);
    readonlyPaths = List.copyOf(readonlyPaths);
    namespaces = List.copyOf(namespaces);
    annotations = Map.copyOf(annotations);
  }

  /**
   * Reads a specification; keys not listed above are passed over.
   *
   * @throws ContainerFileException naming the file and the JSON path
   * @throws java.nio.file.NoSuchFileException if there is no such file
   */
  public static OciSpec read(Path configJson) throws IOException {
    return JsonCursor.read(configJson, OciSpec::read);
  }

  /**
   * Reads a specification from a runtime's answer.
   *
   * @param origin where the text is from, for messages
   * @throws ContainerFileException naming the origin and the JSON path
   */
  static OciSpec parse(String origin, String text) throws ContainerFileException {
    return JsonCursor.parse(origin, text, OciSpec::read);
  }

  static OciSpec read(JsonCursor json) throws IOException {
    return new Draft(json).read();
  }

  /** The root directory on the host. */
  public Path rootfs(Path bundle) {
    return bundle.resolve(rootPath);
  }

  /** The specification while it is being read. */
  private static final class Draft {
    private final JsonCursor json;
    private String rootPath = "";
    private boolean rootReadOnly;
    private String hostname = "";
    private final List<OciMount> mounts = new ArrayList<>();
    private final List<BytePath> maskedPaths = new ArrayList<>();
    private final List<BytePath> readonlyPaths = new ArrayList<>();
    private final List<OciNamespace> namespaces = new ArrayList<>();
    private final Map<String, String> annotations = new LinkedHashMap<>();

    Draft(JsonCursor json) {
      this.json = json;
    }

    OciSpec read() throws IOException {
      Map<String, Part> root =
          Map.of(
              "path", () -> rootPath = json.string(), "readonly", () -> rootReadOnly = json.bool());
      Map<String, Part> linux =
          Map.of(
              "maskedPaths", () -> json.array(() -> maskedPaths.add(path())),
              "readonlyPaths", () -> json.array(() -> readonlyPaths.add(path())),
              "namespaces", () -> json.array(() -> namespaces.add(namespace())));
      json.object(
          Map.of(
              "root", () -> json.object(root),
              "hostname", () -> hostname = json.string(),
              "mounts", () -> json.array(() -> mounts.add(mount())),
              "linux", () -> json.object(linux),
              "annotations", () -> annotations.putAll(json.stringMap())));
      return new OciSpec(
          rootPath,
          rootReadOnly,
          hostname,
          mounts,
          maskedPaths,
          readonlyPaths,
          namespaces,
          annotations);
    }

    private BytePath path() throws IOException {
      return BytePath.of(json.string());
    }

    private OciMount mount() throws IOException {
      MountDraft mount = new MountDraft();
      json.object(
          Map.of(
              "destination", () -> mount.destination = path(),
              "type", () -> mount.type = json.string(),
              "source", () -> mount.source = json.string(),
              "options", () -> mount.options = json.strings()));
      return new OciMount(mount.destination, mount.type, mount.source, mount.options);
    }

    private OciNamespace namespace() throws IOException {
      Map<String, String> fields = json.stringMap();
      return new OciNamespace(fields.getOrDefault("type", ""), fields.getOrDefault("path", ""));
    }
  }

  private static final class MountDraft {
    private BytePath destination = BytePath.ROOT;
    private String type = "";
    private String source = "";
    private List<String> options = List.of();
  }
}
