// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.images;

import com.google.gson.JsonObject;
import io.criubridge.images.ImageReader;
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
            + " Payload is counted, not shown: see decode.",
    mixinStandardHelpOptions = true)
final class Show implements Callable<Integer> {

  @SuppressWarnings("NullAway.Init") // Set by picocli, as it is required.
  @Parameters(paramLabel = "FILE", description = "An image file, by the name CRIU gave it.")
  private Path file;

  @Mixin private final OutputOptions options = new OutputOptions();

  @Override
  public Integer call() throws IOException {
    Output output = options.output();
    try (ImageReader reader = ImageReader.open(file)) {
      if (options.json()) {
        json(reader, output);
      } else {
        print(reader, output);
      }
    }
    output.flush();
    return 0;
  }

  private static void print(ImageReader reader, Output output) throws IOException {
    long number = 0;
    for (var entry = reader.next(); entry.isPresent(); entry = reader.next()) {
      String name = entry.get().message().getDescriptorForType().getName();
      output.line(
          output.strong("%s %d".formatted(name, number++)) + ", at byte " + entry.get().offset());
      MessageTree.print(entry.get().message(), output);
      long payload = reader.payload().transferTo(OutputStream.nullOutputStream());
      if (payload > 0) {
        output.line(output.branch(true) + payload + " bytes of payload");
      }
    }
  }

  private static void json(ImageReader reader, Output output) throws IOException {
    output.line("[");
    String comma = "";
    for (var entry = reader.next(); entry.isPresent(); entry = reader.next()) {
      JsonObject object = MessageTree.json(entry.get().message());
      object.addProperty("offset", entry.get().offset());
      output.line(comma);
      output.json(object);
      comma = ",";
    }
    output.line("]");
  }
}
