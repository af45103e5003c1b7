// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.images;

import io.criubridge.images.json.CritJson;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code criu-bridge images encode}: makes an image of crit's JSON. */
@Command(
    name = "encode",
    description =
        "Makes an image of JSON that decode or crit wrote."
            + " With --json, what it is is written to the standard output, as JSON too.",
    mixinStandardHelpOptions = true)
final class Encode implements Callable<Integer> {

  @Option(
      names = {"-i", "--input"},
      paramLabel = "JSON",
      description = "The JSON; the standard input if not given.")
  private Path input = Path.of("-");

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      required = true,
      description = "The image; appears when it is whole. - for the standard output.")
  private Path output = Path.of("-");

  @Mixin private final OutputOptions options = new OutputOptions();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    if (options.json() && Transcoding.isStandard(output)) {
      throw new ParameterException(
          spec.commandLine(), "--json needs the standard output: give a file with -o");
    }
    CritJson.Info info = Transcoding.encode(input, output);
    if (options.json()) {
      options.output().json(Info.json(info).with("file", output.toString()).build());
    }
    return 0;
  }
}
