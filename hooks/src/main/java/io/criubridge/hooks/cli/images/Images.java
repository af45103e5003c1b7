// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.images;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code criu-bridge images}: the group of all commands on CRIU's images. */
@Command(
    name = "images",
    description = "Looks into CRIU's images, and turns them into JSON and back.",
    mixinStandardHelpOptions = true,
    subcommands = {
      Show.class,
      Decode.class,
      Encode.class,
      Info.class,
      Explore.class,
      Stats.class,
      Diff.class,
      Memory.class,
      Edit.class
    })
public final class Images implements Runnable {

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }
}
