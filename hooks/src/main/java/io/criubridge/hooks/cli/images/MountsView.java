// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.images;

import com.google.gson.JsonElement;
import com.google.protobuf.ByteString;
import io.criubridge.images.ImageSet;
import io.criubridge.images.Mount;
import java.io.IOException;

/** The mounts of each mount namespace. */
final class MountsView implements Explorer {

  @Override
  public void print(ImageSet set, Output output) throws IOException {
    Table table =
        new Table(
            " NS", " ID", " PARENT", "PLACE", "TYPE", " DEVICE", "ROOT", "SOURCE", "EXTERNAL");
    for (Mount mount : set.mounts()) {
      table.row(
          mount.namespaceId(),
          mount.mountId(),
          mount.parentId(),
          Printable.text(mount.mountPoint()),
          type(mount),
          device(mount),
          Printable.text(mount.root()),
          Printable.text(mount.source()),
          mount.externalKey().map(Printable::text).orElse(mount.withPlugin() ? "(plugin)" : ""));
    }
    table.print(output);
  }

  @Override
  public JsonElement json(ImageSet set) throws IOException {
    return Json.of(set.mounts().stream().map(MountsView::json).toList());
  }

  static Json json(Mount mount) {
    return Json.object()
        .with("namespace", mount.namespaceId())
        .with("id", mount.mountId())
        .with("parentId", mount.parentId())
        .with("mountPoint", mount.mountPoint())
        .with("type", mount.fileSystemType())
        .with("device", device(mount))
        .with("root", mount.root())
        .with("source", mount.source())
        .with("externalKey", mount.externalKey())
        .with("withPlugin", mount.withPlugin());
  }

  private static String device(Mount mount) {
    return mount.deviceMajor() + ":" + mount.deviceMinor();
  }

  /** The name is the image's own, for a file system that CRIU does not know. */
  static String type(Mount mount) {
    return Printable.text(ByteString.copyFromUtf8(mount.fileSystemType()));
  }
}
