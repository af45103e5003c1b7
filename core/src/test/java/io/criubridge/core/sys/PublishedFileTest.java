// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.sys;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PublishedFileTest {

  @TempDir Path temp;

  @Test
  void publish_replacesWhatIsThere() throws IOException {
    Path file = Files.writeString(temp.resolve("manifest.yaml"), "old");
    PublishedFile.write(file, "new".getBytes(UTF_8), 0640);
    assertThat(file).hasContent("new");
    assertThat(Files.getAttribute(file, "unix:mode")).isEqualTo(0100640);
    assertThat(temp.toFile().list()).containsExactly("manifest.yaml");
  }

  @Test
  void replace_isWriteButForTheDisk() throws IOException {
    Path file = Files.writeString(temp.resolve("status.json"), "old");
    PublishedFile.replace(file, "new".getBytes(UTF_8), 0640);
    assertThat(file).hasContent("new");
    assertThat(Files.getAttribute(file, "unix:mode")).isEqualTo(0100640);
    assertThat(temp.toFile().list()).containsExactly("status.json");
  }

  @Test
  void close_withoutPublishLeavesNothing() throws IOException {
    Path file = Files.writeString(temp.resolve("a"), "old");
    try (PublishedFile published = PublishedFile.create(file, 0600)) {
      published.channel().write(ByteBuffer.wrap(new byte[] {'x'}));
      assertThat(temp.resolve(".a.criu-bridge.tmp")).exists();
    }
    assertThat(file).hasContent("old");
    assertThat(temp.toFile().list()).containsExactly("a");
  }

  @Test
  void create_replacesALeftoverAndNeverFollowsALink() throws IOException {
    Path victim = Files.writeString(temp.resolve("victim"), "safe");
    Files.createSymbolicLink(temp.resolve(".a.criu-bridge.tmp"), victim);
    PublishedFile.write(temp.resolve("a"), "new".getBytes(UTF_8), 0600);
    assertThat(victim).hasContent("safe");
    assertThat(temp.resolve("a")).isRegularFile().hasContent("new");
  }

  @Test
  void removeStale_takesOnlyTemporaryFiles() throws IOException {
    Files.writeString(temp.resolve(".a.criu-bridge.tmp"), "");
    Files.writeString(temp.resolve("a.criu-bridge.tmp"), "");
    Files.writeString(temp.resolve(".a.tmp"), "");
    PublishedFile.removeStale(temp);
    assertThat(temp.toFile().list()).containsExactlyInAnyOrder("a.criu-bridge.tmp", ".a.tmp");
  }
}
