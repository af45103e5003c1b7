// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.images;

import io.criubridge.images.ImageReader;
import io.criubridge.images.json.FieldText;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code criu-bridge images show}: shows one image file. */
@Command(
    name = "show",
    description =
        "Shows the entries of an image file for people, one after the other."
            + " Payload is counted, not shown: see decode. With --json, as decode --pretty --nopl.",
    mixinStandardHelpOptions = true)
final class Show implements Callable<Integer> {

  @SuppressWarnings("NullAway.Init") // Set by picocli, as it is required.
  @Parameters(paramLabel = "FILE", description = "An image file, by the name CRIU gave it.")
  private Path file;

  @Mixin private final OutputOptions options = new OutputOptions();

  @Override
  public Integer call() throws IOException {
    Output output = options.output();
    if (options.json()) {
      Transcoding.decode(file, output.stream(), true, true);
    } else {
      try (ImageReader reader = ImageReader.open(file)) {
        print(reader, output);
      }
    }
    output.flush();
    return 0;
  }

  private static void print(ImageReader reader, Output output) throws IOException {
    MessageTree tree = new MessageTree(FieldText.load(), output);
    long number = 0;
    for (var entry = reader.next(); entry.isPresent(); entry = reader.next()) {
      String name = entry.get().message().getDescriptorForType().getName();
      output.line(output.strong(name + " " + number++) + ", at byte " + entry.get().offset());
      tree.print(entry.get().message());
      long payload = reader.payload().transferTo(OutputStream.nullOutputStream());
      if (payload > 0) {
        output.line(output.branch(true) + payload + " bytes of payload");
      }
    }
  }
}
