// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.exchange;

import io.criubridge.core.checkpoint.MountRecord;
import io.criubridge.core.checkpoint.MountRecord.Handling;
import io.criubridge.core.mount.CgroupMount;
import io.criubridge.core.proc.SuperOption;
import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.PathText;
import io.criubridge.images.ImageSet;
import io.criubridge.images.Mount;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The mounts of a checkpoint that another tool has made, by CRIU's images and the engine's files:
 * those of its first process. What others have mounted for themselves is CRIU's, and hides nothing
 * of the root that the container's files are in.
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
    OptionalLong namespace =
        images
            .processes()
            .get(0)
            .ids()
            .map(ids -> ids.mountNamespace())
            .orElse(OptionalLong.empty());
    List<MountRecord> records = new ArrayList<>();
    for (Mount mount : images.mounts()) {
      BytePath place = BytePath.of(mount.mountPoint().toByteArray());
      boolean own = namespace.isEmpty() || namespace.getAsLong() == mount.namespaceId();
      if (own && !place.isRoot()) {
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
    MountRecord.Type type = bind.map(EngineFiles.Bind::type).orElse(type(mount));
    if (key.isEmpty()) {
      return record(mount, place, Handling.NATIVE, type, "in CRIU's images");
    }
    if (key.get().equals(NULL_DEVICE)) {
      return external(mount, place, MountRecord.Type.FILE, key, key, Optional.empty());
    }
    Optional<String> hierarchy = hierarchy(mount);
    if (hierarchy.isEmpty()) {
      return external(
          mount, place, type, key, bind.map(EngineFiles.Bind::source), Optional.empty());
    }
    Optional<String> group = group(mount);
    return group.isPresent()
        ? external(mount, place, MountRecord.Type.DIRECTORY, key, group, hierarchy)
        : record(
            mount,
            place,
            Handling.CALLER,
            MountRecord.Type.DIRECTORY,
            "a control group of which the images do not tell, for the restoring runtime");
  }

  private static MountRecord external(
      Mount mount,
      BytePath place,
      MountRecord.Type type,
      Optional<String> key,
      Optional<String> source,
      Optional<String> hierarchy) {
    return new MountRecord(
        place,
        Handling.EXTERNAL,
        type,
        mount.fileSystemType(),
        key,
        source,
        hierarchy,
        "external in CRIU's images");
  }

  private static MountRecord record(
      Mount mount, BytePath place, Handling handling, MountRecord.Type type, String reason) {
    Optional<String> none = Optional.empty();
    return new MountRecord(place, handling, type, mount.fileSystemType(), none, none, none, reason);
  }

  private static Optional<String> hierarchy(Mount mount) {
    List<SuperOption> options = new ArrayList<>();
    for (String option : mount.options().toStringUtf8().split(",", -1)) {
      String[] words = option.split("=", 2);
      options.add(new SuperOption(words[0], words.length > 1 ? words[1] : ""));
    }
    return CgroupMount.hierarchy(mount.fileSystemType(), options);
  }

  /** In a namespace of its own the container's group is the root, or above it. */
  private static Optional<String> group(Mount mount) {
    return Optional.of(PathText.of(mount.root().toByteArray()))
        .filter(group -> !group.equals("/") && !group.startsWith("/.."));
  }

  /** The root of a file system is a directory. */
  private static MountRecord.Type type(Mount mount) {
    return mount.root().toStringUtf8().equals("/")
        ? MountRecord.Type.DIRECTORY
        : MountRecord.Type.UNKNOWN;
  }
}
