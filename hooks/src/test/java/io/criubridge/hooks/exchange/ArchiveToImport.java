// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.criubridge.fixtures.Fixtures;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * An archive of recorded images, and where it is to be imported.
 *
 * @param file the archive
 * @param destination the directory to make; its parent holds nothing else
 */
record ArchiveToImport(Path file, Path destination) {

  @FunctionalInterface
  interface Content {
    void write(TarArchiveOutputStream tar) throws IOException;
  }

  static ArchiveToImport below(Path place) throws IOException {
    Path parent = Files.createDirectory(place.resolve("below"));
    return new ArchiveToImport(place.resolve("archive.tar"), parent.resolve("checkpoint"));
  }

  /** Writes the images of a container's dump and more. */
  void write(Content more) throws IOException {
    write("4.2.1/container", name -> true, more);
  }

  void write(String dump, Predicate<String> wanted, Content more) throws IOException {
    try (OutputStream out = Files.newOutputStream(file);
        TarArchiveOutputStream tar = new TarArchiveOutputStream(out);
        Stream<Path> images = Files.list(Fixtures.images(dump))) {
      for (Path image : images.filter(Files::isRegularFile).sorted().toList()) {
        if (wanted.test(image.getFileName().toString())) {
          add(tar, "checkpoint/" + image.getFileName(), Files.readAllBytes(image));
        }
      }
      more.write(tar);
    }
  }

  static void add(TarArchiveOutputStream tar, String name, byte[] content) throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name, true);
    entry.setSize(content.length);
    tar.putArchiveEntry(entry);
    tar.write(content);
    tar.closeArchiveEntry();
  }

  static void add(TarArchiveOutputStream tar, String name, String content) throws IOException {
    add(tar, name, content.getBytes(UTF_8));
  }

  CheckpointImport.Imported read() throws IOException {
    return CheckpointImport.read(file, destination);
  }

  void assertRefused(String reason) throws IOException {
    assertThatIOException().isThrownBy(this::read).withMessageContaining(reason);
    try (Stream<Path> all = Files.walk(file.getParent())) {
      assertThat(all.filter(Files::isRegularFile)).as("nothing is left").containsExactly(file);
    }
    assertThat(destination.getParent()).isEmptyDirectory();
  }
}
