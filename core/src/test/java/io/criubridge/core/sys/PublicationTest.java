// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.sys;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PublicationTest {

  @TempDir Path temp;

  @Test
  void publish_givesAllFilesTheirNames() throws IOException {
    Files.writeString(temp.resolve("a"), "old");
    try (Publication publication = new Publication(temp)) {
      publication.add("a", "new".getBytes(UTF_8), 0640);
      publication.add(PublishedFile.create(temp.resolve("b"), 0600));
      assertThat(temp.resolve("a")).hasContent("old");
      assertThat(temp.resolve("b")).doesNotExist();
      publication.publish();
    }
    assertThat(temp.resolve("a")).hasContent("new");
    assertThat(Files.getAttribute(temp.resolve("a"), "unix:mode")).isEqualTo(0100640);
    assertThat(temp.toFile().list()).containsExactlyInAnyOrder("a", "b");
  }

  @Test
  void publish_thatFailsOnTheWay_doesNotShowTheLastOne() throws IOException {
    Files.createDirectories(temp.resolve("b/full"));
    try (Publication publication = new Publication(temp)) {
      publication.add("a", new byte[1], 0600);
      publication.add("b", new byte[1], 0600);
      publication.add("manifest", new byte[1], 0600);
      assertThatThrownBy(publication::publish).isInstanceOf(IOException.class);
    }
    assertThat(temp.toFile().list()).containsExactlyInAnyOrder("a", "b");
  }

  @Test
  void close_withoutPublishLeavesNothing() throws IOException {
    try (Publication publication = new Publication(temp)) {
      publication.add("a", new byte[1], 0600);
      publication.add("b", new byte[1], 0600);
    }
    assertThat(temp.toFile().list()).isEmpty();
  }

  @Test
  void publish_ofAFileThatCannotGetToDisk_namesNone() throws IOException {
    try (Publication publication = new Publication(temp)) {
      publication.add("a", new byte[1], 0600);
      PublishedFile closed = PublishedFile.create(temp.resolve("b"), 0600);
      closed.channel().close();
      publication.add(closed);
      assertThatThrownBy(publication::publish)
          .isInstanceOf(IOException.class)
          .hasMessageContaining(temp.toString());
    }
    assertThat(temp.toFile().list()).isEmpty();
  }

  @Test
  void publish_ofNothing_doesNothing() throws IOException {
    try (Publication publication = new Publication(temp.resolve("missing"))) {
      publication.publish();
    }
    assertThat(temp.resolve("missing")).doesNotExist();
  }
}
