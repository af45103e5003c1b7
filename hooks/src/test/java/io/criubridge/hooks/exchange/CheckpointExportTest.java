// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.criubridge.hooks.exchange.CheckpointExport.Format;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointExportTest {

  @TempDir private Path place;
  private Path checkpoint;

  @BeforeEach
  void makeCheckpoint() throws IOException {
    checkpoint = Files.createDirectory(place.resolve("checkpoint"));
    String manifest =
        Files.readString(Path.of("src/test/resources/exchange/manifest.yaml"))
            .replaceAll("(?s)  artefacts:.*", "  artefacts: []\n");
    Files.writeString(checkpoint.resolve("manifest.yaml"), manifest);
  }

  @Test
  void fileInsideTheCheckpoint_isRefused() throws IOException {
    Path link = Files.createSymbolicLink(place.resolve("link"), checkpoint);
    for (Path file : new Path[] {checkpoint.resolve("out.tar"), link.resolve("out.tar")}) {
      assertThatIOException()
          .isThrownBy(() -> CheckpointExport.write(checkpoint, file, Format.TAR, Optional.empty()))
          .withMessageContaining("is inside the checkpoint that is exported");
    }
    assertThat(checkpoint.toFile().list()).containsExactly("manifest.yaml");
  }

  @Test
  void fileBesideTheCheckpoint_isWritten() throws IOException {
    Path file = place.resolve("checkpoint.tar");
    assertThat(CheckpointExport.write(checkpoint, file, Format.TAR, Optional.empty()))
        .isEqualTo(Files.size(file));
  }
}
