// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.images;

import io.criubridge.hooks.cli.Terminal;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What every command that prints can be told. */
public final class OutputOptions {
  @Option(names = "--json", description = "Prints JSON, for programs.")
  private boolean json;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  public boolean json() {
    return json;
  }

  public Output output() {
    return new Output(spec.commandLine().getOut(), Terminal.current());
  }
}
