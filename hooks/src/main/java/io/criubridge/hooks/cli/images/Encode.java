// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.images;

import io.criubridge.core.sys.PublishedFile;
import io.criubridge.images.json.CritJson;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
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

  private static final int FILE_MODE = 0644;

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
    try (InputStream in = Streams.open(input)) {
      if (Streams.isStandard(output)) {
        CritJson.encode(in, input, new FileOutputStream(FileDescriptor.out));
        return 0;
      }
      try (PublishedFile published = PublishedFile.create(output, FILE_MODE)) {
        CritJson.encode(in, input, Channels.newOutputStream(published.channel()));
        published.publish();
      }
    }
    return 0;
  }
}
