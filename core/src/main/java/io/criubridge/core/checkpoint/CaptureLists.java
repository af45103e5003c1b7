// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.checkpoint;

import io.criubridge.core.rootfs.Capture;
import io.criubridge.core.rootfs.DeletedFiles;
import io.criubridge.core.rootfs.DeletedFiles.Form;
import io.criubridge.core.rootfs.ImageLayers;
import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.Publication;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The lists beside an archive of changed files: what was deleted, which directories are emptied
 * first, which members are out of date, where the image's layers were. An empty list has no file,
 * as with podman and CRI-O.
 */
public final class CaptureLists {

  private static final List<String> NAMES =
      List.of(
          CheckpointLayout.DELETED_FILES_JSON,
          CheckpointLayout.DELETED_FILES,
          CheckpointLayout.OPAQUE_DIRECTORIES,
          CheckpointLayout.STALE_MEMBERS,
          CheckpointLayout.IMAGE_LAYERS);

  private final Map<String, byte[]> contents = new LinkedHashMap<>();

  private CaptureLists() {}

  /** Makes the lists of a capture. */
  public static CaptureLists of(Capture capture, ImageLayers layers) throws IOException {
    CaptureLists lists = of(capture.deleted(), capture.opaque());
    if (!capture.stale().isEmpty()) {
      lists.contents.put(CheckpointLayout.STALE_MEMBERS, capture.stale().toJson());
    }
    if (!layers.isEmpty()) {
      lists.contents.put(CheckpointLayout.IMAGE_LAYERS, layers.toJson());
    }
    return lists;
  }

  /**
   * Makes the lists for an archive without members that are out of date.
   *
   * @param deleted to be deleted after the archive is applied
   * @param opaque to be emptied before
   */
  public static CaptureLists of(List<BytePath> deleted, List<BytePath> opaque) throws IOException {
    CaptureLists lists = new CaptureLists();
    lists.add(CheckpointLayout.DELETED_FILES_JSON, deleted, Form.RELATIVE);
    lists.add(CheckpointLayout.DELETED_FILES, deleted, Form.ABSOLUTE);
    lists.add(CheckpointLayout.OPAQUE_DIRECTORIES, opaque, Form.RELATIVE);
    return lists;
  }

  private void add(String name, List<BytePath> paths, Form form) throws IOException {
    if (!paths.isEmpty()) {
      contents.put(name, DeletedFiles.toJson(paths, form));
    }
  }

  /** Has the lists published together with others. */
  public List<Artefact> addTo(Publication publication) throws IOException {
    List<Artefact> artefacts = new ArrayList<>();
    for (Map.Entry<String, byte[]> list : contents.entrySet()) {
      artefacts.add(Artefact.add(publication, list.getKey(), list.getValue()));
    }
    return artefacts;
  }

  /** Publishes the lists at once. Those of an earlier capture do not stay. */
  public void publish(Path directory) throws IOException {
    for (String name : NAMES) {
      byte[] content = contents.get(name);
      if (content == null) {
        Files.deleteIfExists(directory.resolve(name));
      } else {
        Artefact.publish(directory, name, content);
      }
    }
  }
}
