// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.images;

import static org.assertj.core.api.Assertions.assertThat;

import io.criubridge.images.ImageType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A set of images that went through JSON, by the commands. */
public final class TranscodedSet {
  private TranscodedSet() {}

  /**
   * Moves a set: images by way of JSON, all else as it is. Nothing is left in the first directory,
   * so that nothing can be restored from there.
   *
   * @param options of {@code decode}
   */
  public static void move(Path from, Path to, String... options) throws IOException {
    Files.createDirectory(to);
    List<Path> files;
    try (Stream<Path> list = Files.list(from)) {
      files = list.toList();
    }
    for (Path file : files) {
      Path moved = to.resolve(file.getFileName());
      if (ImageType.ofFileName(file.getFileName().toString()).isEmpty()) {
        Files.move(file, moved);
        continue;
      }
      Path json = to.resolve("json");
      List<String> decode = new ArrayList<>(List.of("decode", file.toString()));
      decode.addAll(List.of("-o", json.toString()));
      decode.addAll(List.of(options));
      mustRun(decode.toArray(String[]::new));
      mustRun("encode", "-i", json.toString(), "-o", moved.toString());
      Files.delete(json);
      Files.delete(file);
    }
    Files.delete(from);
  }

  private static void mustRun(String... arguments) {
    assertThat(Ran.images(arguments)).isEqualTo(new Ran(0, "", ""));
  }
}
