// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.inspect;

import com.google.gson.JsonElement;
import io.criubridge.core.checkpoint.CheckpointManifest;
import io.criubridge.core.checkpoint.ContainerRecord;
import io.criubridge.core.checkpoint.Machine;
import io.criubridge.core.sys.PathText;
import io.criubridge.hooks.cli.images.Json;
import io.criubridge.hooks.cli.images.Output;
import io.criubridge.images.DumpStats;
import io.criubridge.images.ImageSet;
import java.io.IOException;
import java.util.Optional;

/** Whose checkpoint it is, and what made it. */
record Overview(ImageSet images, Optional<CheckpointManifest> manifest) implements Part {

  private static final double NANOS_PER_MILLI = 1e6;

  @Override
  public void print(Output output) throws IOException {
    if (manifest.isPresent()) {
      print(manifest.get(), output);
    } else {
      line(output, "checkpoint", "bare images of CRIU, without a manifest of criu-bridge");
    }
    line(output, "processes", Integer.toString(images.processes().size()));
    Optional<DumpStats> stats = images.stats();
    if (stats.isPresent()) {
      double frozen = stats.get().frozen().toNanos() / NANOS_PER_MILLI;
      line(output, "frozen", "%.1f ms".formatted(frozen));
    }
  }

  private static void print(CheckpointManifest manifest, Output output) {
    ContainerRecord container = manifest.container();
    Machine machine = manifest.machine();
    line(output, "checkpoint", manifest.checkpointId() + ", made " + manifest.createdAt());
    line(
        output,
        "container",
        container.id()
            + " (runtime "
            + container.runtime()
            + ")"
            + container.image().map(image -> ", image " + image).orElse(""));
    line(
        output,
        "made by",
        "CRIU %s and criu-bridge %s, on %s, Linux %s"
            .formatted(
                machine.criuVersion(),
                machine.bridgeVersion(),
                machine.architecture(),
                machine.kernel()));
  }

  private static void line(Output output, String name, String text) {
    output.line(output.strong("%-11s".formatted(name)) + PathText.printable(text));
  }

  @Override
  public JsonElement json() throws IOException {
    Json json =
        Json.object()
            .with("processes", images.processes().size())
            .with("frozenNanos", images.stats().map(stats -> stats.frozen().toNanos()));
    if (manifest.isPresent()) {
      CheckpointManifest made = manifest.get();
      json.with("id", made.checkpointId())
          .with("createdAt", made.createdAt())
          .with("container", made.container().id())
          .with("runtime", made.container().runtime())
          .with("image", made.container().image())
          .with("architecture", made.machine().architecture())
          .with("kernel", made.machine().kernel())
          .with("criu", made.machine().criuVersion())
          .with("criuBridge", made.machine().bridgeVersion());
    }
    return json.build();
  }
}
