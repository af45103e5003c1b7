// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images;

import io.criubridge.images.proto.inventory_entry;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * What a directory of images is. Source: images/inventory.proto.
 *
 * @param imageVersion the version of the image format; 2 since CRIU 1.3
 * @param rootIds the kernel objects of CRIU itself: a process's namespace with the same number as
 *     here was not dumped
 * @param uptime how long the machine was up at dump time; only of a dump that tracks memory
 * @param runId the name of the dumping CRIU run
 * @param plugins the CRIU plugins that took part in the dump, which the restore asks for
 */
public record Inventory(
    int imageVersion,
    Optional<KernelObjectIds> rootIds,
    Optional<Duration> uptime,
    Optional<String> runId,
    List<String> plugins) {

  /** Keeps its own copy of the plugins. */
  public Inventory {
    plugins = List.copyOf(plugins);
  }

  static Inventory of(inventory_entry entry) {
    return new Inventory(
        entry.getImgVersion(),
        entry.hasRootIds() ? Optional.of(KernelObjectIds.of(entry.getRootIds())) : Optional.empty(),
        entry.hasDumpUptime()
            ? Optional.of(Duration.of(entry.getDumpUptime(), ChronoUnit.MICROS))
            : Optional.empty(),
        entry.hasDumpCriuRunId() ? Optional.of(entry.getDumpCriuRunId()) : Optional.empty(),
        entry.getPluginsEntry().getPluginsList());
  }
}
