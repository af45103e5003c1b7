// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.images;

import io.criubridge.core.sys.PublishedFile;
import io.criubridge.images.json.CritJson;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code criu-bridge images decode}: writes an image as crit's JSON. */
@Command(
    name = "decode",
    description = "Writes an image as JSON, as crit does.",
    mixinStandardHelpOptions = true)
final class Decode implements Callable<Integer> {

  private static final int FILE_MODE = 0644;

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

  @Override
  public Integer call() throws IOException {
    try (InputStream in = Streams.open(file)) {
      if (output == null) {
        OutputStream out = new FileOutputStream(FileDescriptor.out);
        decode(in, out);
        out.write('\n');
        return 0;
      }
      try (PublishedFile published = PublishedFile.create(output, FILE_MODE)) {
        decode(in, Channels.newOutputStream(published.channel()));
        published.publish();
      }
    }
    return 0;
  }

  private void decode(InputStream in, OutputStream out) throws IOException {
    CritJson.decode(
        in,
        file,
        out,
        pretty ? CritJson.Form.PRETTY : CritJson.Form.PLAIN,
        withoutPayload ? CritJson.Payload.SIZE : CritJson.Payload.WHOLE);
  }
}
