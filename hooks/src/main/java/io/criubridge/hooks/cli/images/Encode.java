// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.images;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code criu-bridge images encode}: makes an image of crit's JSON. */
@Command(
    name = "encode",
    description = "Makes an image of JSON that decode or crit wrote.",
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

  @Override
  public Integer call() throws IOException {
    Transcoding.encode(input, output);
    return 0;
  }
}
