// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.restore;

import static org.assertj.core.api.Assertions.assertThat;

import io.criubridge.core.checkpoint.StreamRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamSourceTest {

  @TempDir private Path temp;

  private static StreamRecord stdout(Path path) {
    return new StreamRecord(List.of("stdout"), "file[1:2]", path.toString(), 1, 0);
  }

  @Test
  void recordedFile_isThere() throws IOException {
    Path file = Files.createFile(temp.toRealPath().resolve("out"));
    assertThat(StreamSource.of(stdout(file), Map.of()).isThere()).isTrue();
  }

  /** As the kernel calls a file that is deleted, and the container may call another. */
  @Test
  void recordedPath_thatIsALinkNow_isNot() throws IOException {
    Path host = temp.toRealPath();
    Path secret = Files.createFile(host.resolve("secret"));
    Path link = Files.createSymbolicLink(host.resolve("out (deleted)"), secret);
    assertThat(StreamSource.of(stdout(link), Map.of()).isThere()).isFalse();
  }

  @Test
  void mappedPath_mayHaveLinks() throws IOException {
    Path host = temp.toRealPath();
    Path file = Files.createFile(host.resolve("file"));
    Path link = Files.createSymbolicLink(host.resolve("link"), file);
    assertThat(StreamSource.of(stdout(host.resolve("gone")), Map.of("stdout", link)).isThere())
        .isTrue();
  }
}
