// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.images;

import io.criubridge.images.json.CritJson;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code criu-bridge images info}: tells what an image is, as crit's JSON. */
@Command(
    name = "info",
    description =
        "Tells what an image is and how many entries it has, as crit does, in JSON."
            + " With --json, the file is named too.",
    mixinStandardHelpOptions = true)
final class Info implements Callable<Integer> {

  @Parameters(paramLabel = "FILE", description = "The image; - for the standard input.")
  private Path file = Path.of("-");

  @Mixin private final OutputOptions options = new OutputOptions();

  @Override
  public Integer call() throws IOException {
    try (InputStream in = Transcoding.open(file)) {
      CritJson.Info info = CritJson.info(in, file);
      Output output = options.output();
      if (options.json()) {
        output.json(json(info).with("file", file.toString()).build());
      } else {
        output.line("{");
        output.line("    \"magic\": \"" + info.type().critName() + "\",");
        output.line("    \"count\": " + info.entries());
        output.line("}");
      }
      output.flush();
    }
    return 0;
  }

  /** What crit's info says of an image. */
  static Json json(CritJson.Info info) {
    return Json.object().with("magic", info.type().critName()).with("count", info.entries());
  }
}
