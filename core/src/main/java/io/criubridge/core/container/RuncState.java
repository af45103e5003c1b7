// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.container;

import io.criubridge.core.container.JsonCursor.Part;
import io.criubridge.core.proc.ProcessIdentity;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What runc keeps about a container in {@code <root>/<id>/state.json}.
 *
 * <p>Source: {@code State}, {@code BaseState} in runc's libcontainer/container_linux.go and
 * container.go
 *
 * @param id the container
 * @param init its first process, on the host
 * @param rootfs its root directory on the host
 * @param labels runc's own notes, {@code key=value}
 * @param cgroupPaths the cgroup directories on the host by controller, by {@code ""} for version 2
 */
public record RuncState(
    String id,
    ProcessIdentity init,
    Path rootfs,
    List<String> labels,
    Map<String, Path> cgroupPaths) {
  private static final String BUNDLE = "bundle=";

  public RuncState {
    labels = List.copyOf(labels);
    cgroupPaths = Map.copyOf(cgroupPaths);
  }

  /**
   * Reads a state file.
   *
   * @throws ContainerFileException naming the file and the JSON path
   * @throws java.nio.file.NoSuchFileException if there is no such file
   */
  public static RuncState read(Path stateJson) throws IOException {
    return JsonCursor.read(stateJson, json -> new Draft(json).read());
  }

  /** The bundle the container was made from. */
  public Optional<Path> bundle() {
    return labels.stream()
        .filter(label -> label.startsWith(BUNDLE))
        .map(label -> Path.of(label.substring(BUNDLE.length())))
        .findFirst();
  }

  /** The state while it is being read. */
  private static final class Draft {
    private final JsonCursor json;
    private String id = "";
    private int pid;
    private long startTime;
    private String rootfs = "";
    private final List<String> labels = new ArrayList<>();
    private final Map<String, Path> cgroupPaths = new LinkedHashMap<>();

    Draft(JsonCursor json) {
      this.json = json;
    }

    RuncState read() throws IOException {
      Map<String, Part> config =
          Map.of(
              "rootfs",
              () -> rootfs = json.string(),
              "labels",
              () -> labels.addAll(json.strings()));
      json.object(
          Map.of(
              "id", () -> id = json.string(),
              "init_process_pid", () -> pid = json.int32(),
              "init_process_start", () -> startTime = json.int64(),
              "config", () -> json.object(config),
              "cgroup_paths",
                  () -> json.stringMap().forEach((k, v) -> cgroupPaths.put(k, Path.of(v)))));
      return new RuncState(
          id, new ProcessIdentity(pid, startTime), Path.of(rootfs), labels, cgroupPaths);
    }
  }
}
