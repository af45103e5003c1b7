// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.images;

import io.criubridge.images.json.CritJson;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code criu-bridge images info}: tells what an image is, as crit's JSON. */
@Command(
    name = "info",
    description = "Tells what an image is and how many entries it has, as JSON.",
    mixinStandardHelpOptions = true)
final class Info implements Callable<Integer> {

  @Parameters(paramLabel = "FILE", description = "The image; - for the standard input.")
  private Path file = Path.of("-");

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    try (InputStream in = Transcoding.open(file)) {
      CritJson.Info info = CritJson.info(in, file);
      spec.commandLine()
          .getOut()
          .printf(
              "{%n    \"magic\": \"%s\",%n    \"count\": %d%n}%n",
              info.type().critName(), info.entries());
      spec.commandLine().getOut().flush();
    }
    return 0;
  }
}
