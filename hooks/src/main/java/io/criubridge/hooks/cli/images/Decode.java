// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.images;

import io.criubridge.images.json.CritJson;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code criu-bridge images decode}: writes an image as crit's JSON. */
@Command(
    name = "decode",
    description =
        "Writes an image as JSON, as crit does."
            + " With --json and an OUT, what it was is written to the standard output, as JSON too.",
    mixinStandardHelpOptions = true)
final class Decode implements Callable<Integer> {

  @Parameters(paramLabel = "FILE", description = "The image; - for the standard input.")
  private Path file = Path.of("-");

  @Option(
      names = {"-o", "--output"},
      paramLabel = "OUT",
      description = "Where to write; the standard output if not given.")
  private @Nullable Path output;

  @Option(
      names = "--pretty",
      description = "Indent, and write flags, addresses and devices for people.")
  private boolean pretty;

  @Option(names = "--nopl", description = "Leave out the content of pipes, sockets and files.")
  private boolean withoutPayload;

  @Mixin private final OutputOptions options = new OutputOptions();

  @Override
  public Integer call() throws IOException {
    CritJson.Info info = Transcoding.decode(file, output, pretty, withoutPayload);
    if (options.json() && output != null) {
      options.output().json(Info.json(info).with("file", output.toString()).build());
    }
    return 0;
  }
}
