// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.rootfs;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code criu-bridge rootfs}. */
@Command(
    name = "rootfs",
    description = "Captures, applies and shows what a container changed in its root file system.",
    mixinStandardHelpOptions = true,
    subcommands = {CaptureDiff.class, ApplyDiff.class, ShowDiff.class})
public final class Rootfs implements Runnable {

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }
}
