// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PublishedDirectoryTest {

  @TempDir private Path place;

  private static void publish(Path destination) throws IOException {
    try (PublishedDirectory directory = PublishedDirectory.create(destination)) {
      Files.writeString(directory.path().resolve("file"), "new");
      Files.createSymbolicLink(directory.path().resolve("parent"), Path.of("../nowhere"));
      assertThat(destination.resolve("file")).doesNotExist();
      directory.publish();
    }
    assertThat(destination.resolve("file")).hasContent("new");
  }

  @Test
  void publish_givesANewDirectoryItsName() throws IOException {
    publish(place.resolve("new"));
    assertThat(place.toFile().list()).containsExactly("new");
  }

  @Test
  void publish_replacesAnEmptyDirectory_alsoThroughALink() throws IOException {
    Path empty = Files.createDirectory(place.resolve("empty"));
    Path link = Files.createSymbolicLink(place.resolve("link"), empty);
    publish(link);
    assertThat(empty.resolve("file")).hasContent("new");
    assertThat(place.toFile().list()).containsExactlyInAnyOrder("empty", "link");
  }

  @Test
  void create_goesUpFromWhereALinkLeads() throws IOException {
    Path inner = Files.createDirectories(place.resolve("a/b/inner"));
    Path link = Files.createSymbolicLink(place.resolve("link"), inner);
    publish(link.resolve("../new"));
    assertThat(place.resolve("a/b/new/file")).exists();
    assertThat(place.resolve("new")).doesNotExist();
  }

  @Test
  void create_overWhatIsThere_leavesItAlone() throws IOException {
    Path full = Files.createDirectories(place.resolve("full/inner")).getParent();
    Path file = Files.writeString(place.resolve("file"), "old");
    for (Path there : new Path[] {full, file}) {
      assertThatExceptionOfType(FileAlreadyExistsException.class)
          .isThrownBy(() -> PublishedDirectory.create(there))
          .withMessageContaining("is there already");
    }
    Path dangling = Files.createSymbolicLink(place.resolve("dangling"), Path.of("nowhere"));
    assertThatIOException().isThrownBy(() -> PublishedDirectory.create(dangling));
    assertThat(place.toFile().list()).containsExactlyInAnyOrder("full", "file", "dangling");
  }

  @Test
  void close_withoutPublishLeavesNothing() throws IOException {
    try (PublishedDirectory directory = PublishedDirectory.create(place.resolve("new"))) {
      Files.writeString(directory.path().resolve("file"), "new");
    }
    assertThat(place).isEmptyDirectory();
  }

  @Test
  void exchange_removesTheOtherOne() throws IOException {
    Path other = Files.createDirectory(place.resolve("other"));
    Files.writeString(other.resolve("old"), "old");
    try (PublishedDirectory directory = PublishedDirectory.inPlaceOf(other)) {
      Files.writeString(directory.path().resolve("file"), "new");
      directory.exchange();
    }
    assertThat(other.toFile().list()).containsExactly("file");
    assertThat(place.toFile().list()).containsExactly("other");
  }
}
