// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.dump;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.criubridge.core.checkpoint.Artefact;
import io.criubridge.core.checkpoint.CheckpointLayout;
import io.criubridge.core.checkpoint.MountRecord;
import io.criubridge.core.sys.Publication;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** Writes {@code bind.mounts}, the list of external mounts in the form that CRI-O reads. */
final class BindMounts {

  private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();
  private static final int DIRECTORY_PERMISSIONS = 0755;
  private static final int FILE_PERMISSIONS = 0644;

  private BindMounts() {}

  static Artefact add(Publication publication, List<MountRecord> mounts) throws IOException {
    JsonArray list = new JsonArray();
    for (MountRecord mount : mounts) {
      if (mount.handling() == MountRecord.Handling.EXTERNAL && mount.cgroupHierarchy().isEmpty()) {
        JsonObject entry = new JsonObject();
        entry.addProperty("source", mount.source().orElse(""));
        entry.addProperty("destination", mount.mountPoint().text());
        entry.addProperty("file_type", mount.type().name().toLowerCase(Locale.ROOT));
        entry.addProperty(
            "permissions",
            mount.type() == MountRecord.Type.DIRECTORY ? DIRECTORY_PERMISSIONS : FILE_PERMISSIONS);
        list.add(entry);
      }
    }
    return Artefact.add(
        publication, CheckpointLayout.BIND_MOUNTS, GSON.toJson(list).getBytes(UTF_8));
  }
}
