// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.inspect;

import com.google.gson.JsonElement;
import io.criubridge.core.checkpoint.CheckpointManifest;
import io.criubridge.core.checkpoint.MountRecord;
import io.criubridge.core.sys.PathText;
import io.criubridge.hooks.cli.images.Json;
import io.criubridge.hooks.cli.images.Output;
import io.criubridge.hooks.cli.images.Table;
import io.criubridge.hooks.restore.SourcePreview;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The mounts, and where a restore on this machine would take those from that are external. */
final class Sources implements Part {

  private record Row(String name, String type, String handling, Optional<SourcePreview> source) {

    String here() {
      return source.isEmpty()
          ? ""
          : source.get().found()
              ? "found"
              : source.get().source().isEmpty() ? "not known" : "missing";
    }

    String place() {
      return source.flatMap(SourcePreview::source).map(Path::toString).orElse("");
    }
  }

  private final List<Row> rows = new ArrayList<>();

  private Sources() {}

  static Sources find(Path images, CheckpointManifest manifest) throws IOException {
    Sources sources = new Sources();
    Map<String, SourcePreview> external = new HashMap<>();
    List<SourcePreview> previews = SourcePreview.of(images, manifest, System.getenv());
    previews.forEach(preview -> external.put(preview.name(), preview));
    for (MountRecord mount : manifest.mounts()) {
      String place = mount.mountPoint().text();
      String handling = mount.handling().name().toLowerCase(Locale.ROOT);
      Optional<SourcePreview> source = Optional.ofNullable(external.remove(place));
      sources.rows.add(new Row(place, mount.fsType(), handling, source));
    }
    // What is left is no mount: standard streams.
    previews.stream()
        .filter(preview -> external.containsKey(preview.name()))
        .forEach(
            preview ->
                sources.rows.add(
                    new Row(preview.name(), "stream", "external", Optional.of(preview))));
    return sources;
  }

  @Override
  public void print(Output output) {
    Table table = new Table("MOUNT", "TYPE", "COMES FROM", "HERE", "SOURCE");
    for (Row row : rows) {
      table.row(
          PathText.printable(row.name()),
          PathText.printable(row.type()),
          row.handling().equals("native") ? "the images" : row.handling(),
          row.here(),
          PathText.printable(row.place()));
    }
    table.print(output);
  }

  @Override
  public JsonElement json() {
    return Json.of(
        rows.stream()
            .map(
                row ->
                    Json.object()
                        .with("name", row.name())
                        .with("type", row.type())
                        .with("handling", row.handling())
                        .with("recorded", row.source().flatMap(SourcePreview::recorded))
                        .with("source", row.source().flatMap(SourcePreview::source))
                        .with("found", row.source().map(SourcePreview::found)))
            .toList());
  }
}
