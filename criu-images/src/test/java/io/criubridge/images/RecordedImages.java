// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.criubridge.fixtures.Fixtures;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The recorded image files with entries, and what an image's bytes say. */
final class RecordedImages {
  private RecordedImages() {}

  /** The names of the sets of one version of CRIU each. */
  static Stream<String> menageries() {
    return Stream.of("4.1.1/menagerie", "4.2.1/menagerie");
  }

  static Stream<String> containers() {
    return Stream.of("4.1.1/container", "4.2.1/container");
  }

  static List<Path> withEntries() throws IOException {
    try (Stream<Path> files = Files.walk(Fixtures.path("images"))) {
      return files.filter(file -> type(file).filter(ImageType::hasEntries).isPresent()).toList();
    }
  }

  static Optional<ImageType> type(Path file) {
    return ImageType.ofFileName(file.getFileName().toString());
  }

  /** An entry and its payload. */
  record Part(ImageEntry entry, byte[] payload) {
    String text() {
      return new String(payload, ISO_8859_1);
    }
  }

  static List<Part> parts(Path file) throws IOException {
    return parts(file, Files.readAllBytes(file));
  }

  static List<Part> parts(Path file, byte[] content) throws IOException {
    List<Part> parts = new ArrayList<>();
    try (ImageReader reader =
        new ImageReader(new ByteArrayInputStream(content), file, type(file).orElseThrow())) {
      for (var entry = reader.next(); entry.isPresent(); entry = reader.next()) {
        parts.add(new Part(entry.get(), reader.payload().readAllBytes()));
      }
    }
    return parts;
  }
}
