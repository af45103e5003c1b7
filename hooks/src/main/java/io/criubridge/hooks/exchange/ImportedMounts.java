// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.exchange;

import io.criubridge.core.checkpoint.MountRecord;
import io.criubridge.core.checkpoint.MountRecord.Handling;
import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.PathText;
import io.criubridge.images.ImageSet;
import io.criubridge.images.Mount;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The mounts of a checkpoint that another tool has made, by CRIU's images and the engine's files.
 */
final class ImportedMounts {

  /** CRIU's own keys, of mounts that it finds by itself at restore. */
  private static final String AUTODETECTED = "CRIU:";

  private static final String NULL_DEVICE = "/dev/null";

  private final ImageSet images;
  private final EngineFiles engine;

  ImportedMounts(ImageSet images, EngineFiles engine) {
    this.images = images;
    this.engine = engine;
  }

  List<MountRecord> records() throws IOException {
    List<MountRecord> records = new ArrayList<>();
    for (Mount mount : images.mounts()) {
      BytePath place = BytePath.of(mount.mountPoint().toByteArray());
      if (!place.isRoot()) {
        records.add(record(mount, place));
      }
    }
    return records;
  }

  private MountRecord record(Mount mount, BytePath place) {
    Optional<String> key =
        mount
            .externalKey()
            .map(bytes -> PathText.of(bytes.toByteArray()))
            .filter(text -> !text.startsWith(AUTODETECTED));
    Optional<EngineFiles.Bind> bind = Optional.ofNullable(engine.binds().get(place.text()));
    boolean masked = key.filter(NULL_DEVICE::equals).isPresent();
    boolean cgroup = mount.fileSystemType().startsWith("cgroup");
    boolean isFile = masked || bind.filter(EngineFiles.Bind::isFile).isPresent();
    return new MountRecord(
        place,
        key.isEmpty() ? Handling.NATIVE : cgroup ? Handling.CALLER : Handling.EXTERNAL,
        isFile ? MountRecord.Type.FILE : MountRecord.Type.DIRECTORY,
        mount.fileSystemType(),
        cgroup ? Optional.empty() : key,
        masked || cgroup ? key.filter(k -> masked) : bind.map(EngineFiles.Bind::source),
        Optional.empty(),
        key.isEmpty()
            ? "in CRIU's images"
            : cgroup
                ? "a control group, which the restoring runtime declares"
                : "external in CRIU's images");
  }
}
