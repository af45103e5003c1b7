// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.exchange;

import io.criubridge.core.checkpoint.MountRecord;
import io.criubridge.core.checkpoint.MountRecord.Handling;
import io.criubridge.core.mount.CgroupMount;
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
    boolean masked = key.filter(NULL_DEVICE::equals).isPresent();
    Optional<EngineFiles.Bind> bind = Optional.ofNullable(engine.binds().get(place.text()));
    Optional<String> hierarchy = key.flatMap(name -> hierarchy(mount));
    Optional<String> group = hierarchy.flatMap(name -> group(mount));
    boolean external = key.isPresent() && group.isPresent() == hierarchy.isPresent();
    return new MountRecord(
        place,
        external ? Handling.EXTERNAL : key.isPresent() ? Handling.CALLER : Handling.NATIVE,
        masked ? MountRecord.Type.FILE : type(mount, bind),
        mount.fileSystemType(),
        external ? key : Optional.empty(),
        masked ? key : hierarchy.isPresent() ? group : bind.map(EngineFiles.Bind::source),
        external ? hierarchy : Optional.empty(),
        external
            ? "external in CRIU's images"
            : key.isPresent()
                ? "a control group of which the images do not tell, for the restoring runtime"
                : "in CRIU's images");
  }

  private static Optional<String> hierarchy(Mount mount) {
    List<String> options = List.of(mount.options().toStringUtf8().split(",", -1));
    return CgroupMount.hierarchy(mount.fileSystemType(), options);
  }

  /** In a namespace of its own the container's group is the root, or above it. */
  private static Optional<String> group(Mount mount) {
    return Optional.of(PathText.of(mount.root().toByteArray()))
        .filter(group -> !group.equals("/") && !group.startsWith("/.."));
  }

  /** The root of a file system is a directory, and so is a control group. */
  private static MountRecord.Type type(Mount mount, Optional<EngineFiles.Bind> bind) {
    boolean directory = mount.root().toStringUtf8().equals("/") || hierarchy(mount).isPresent();
    return bind.map(EngineFiles.Bind::type)
        .orElse(directory ? MountRecord.Type.DIRECTORY : MountRecord.Type.UNKNOWN);
  }
}
