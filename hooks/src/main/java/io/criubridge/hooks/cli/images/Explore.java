// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.images;

import io.criubridge.images.ImageSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code criu-bridge images x}: shows what was dumped, as far as the images tell. */
@Command(
    name = "x",
    aliases = "explore",
    description =
        "Shows the processes, files, memory, mounts, sockets, namespaces or control groups of a checkpoint.",
    mixinStandardHelpOptions = true)
public final class Explore implements Callable<Integer> {

  @SuppressWarnings("NullAway.Init") // Set by picocli, as it is required.
  @Parameters(index = "0", paramLabel = "DIR", description = "CRIU's image directory.")
  private Path directory;

  @SuppressWarnings("NullAway.Init")
  @Parameters(
      index = "1",
      paramLabel = "WHAT",
      description =
          "One of ${COMPLETION-CANDIDATES}: processes, open files, memory maps, resident sizes, mounts, sockets,"
              + " namespaces, control groups.")
  private What what;

  @Mixin private final OutputOptions options = new OutputOptions();

  /** What there is to look at. */
  public enum What {
    ps,
    fds,
    mems,
    rss,
    mounts,
    sockets,
    ns,
    cgroups;

    /** Makes the view of it. */
    public Explorer explorer() {
      return switch (this) {
        case ps -> new ProcessTreeView();
        case fds -> new OpenFilesView();
        case mems -> new MemoryMapView();
        case rss -> new ResidentSizeView();
        case mounts -> new MountsView();
        case sockets -> new SocketsView();
        case ns -> new NamespacesView();
        case cgroups -> new CgroupsView();
      };
    }
  }

  @Override
  public Integer call() throws IOException {
    ImageSet set = new ImageSet(directory);
    Output output = options.output();
    if (options.json()) {
      output.json(what.explorer().json(set));
    } else {
      what.explorer().print(set, output);
    }
    output.flush();
    return 0;
  }
}
