// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli;

import io.criubridge.hooks.install.NodeRoot;
import io.criubridge.hooks.install.Removal;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code criu-bridge uninstall}: makes a node what it was. */
@Command(
    name = "uninstall",
    description = {
      "Removes what install has made, and gives CRIU's configuration back as it was.",
      "Lines that others have added to it since are kept, and so are settings that were edited."
    },
    mixinStandardHelpOptions = true)
final class Uninstall implements Callable<Integer> {

  @Option(
      names = "--root",
      paramLabel = "DIR",
      description = "Where the node's root file system is (default: ${DEFAULT-VALUE}).")
  private Path root = Path.of("/");

  @Option(
      names = "--owner",
      paramLabel = "NAME",
      description = "Whose installation to remove; one of somebody else stays.")
  private String owner = "";

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    Removal.run(new NodeRoot(root), owner).forEach(line -> out.println("uninstall: " + line));
    out.flush();
    return 0;
  }
}
