// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArtefactTest {

  @TempDir Path directory;
  private Artefact artefact;
  private Path file;

  @BeforeEach
  void publish() throws IOException {
    artefact = Artefact.publish(directory, "deleted.files", "[\"/a\"]".getBytes(UTF_8));
    file = directory.resolve("deleted.files");
  }

  private void assertRefused(String message) {
    assertThatExceptionOfType(ManifestException.class)
        .isThrownBy(() -> artefact.verify(directory))
        .withMessageStartingWith(file + ": ")
        .withMessageContaining(message);
  }

  @Test
  void publish_describesAndProtectsTheFile() throws IOException {
    assertThat(artefact)
        .isEqualTo(
            new Artefact(
                "deleted.files",
                6,
                "0e17f6e6bd49eea9fdbc2a5a81225a8347ec40087e6a28352b28cc6f0667a881"));
    assertThat(Files.getPosixFilePermissions(file))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(directory).isDirectoryNotContaining("glob:**.tmp");
  }

  @Test
  void verify_sameFile_isFine() {
    assertThatCode(() -> artefact.verify(directory)).doesNotThrowAnyException();
  }

  @Test
  void verify_missing_isNamed() throws IOException {
    Files.delete(file);
    assertRefused("missing, though the manifest names it");
  }

  @Test
  void verify_truncated_isNamed() throws IOException {
    Files.writeString(file, "[\"/a\"");
    assertRefused("has 5 bytes");
  }

  @Test
  void verify_otherContentOfTheSameLength_isNamed() throws IOException {
    Files.writeString(file, "[\"/b\"]");
    assertRefused("the checkpoint is damaged");
  }

  @Test
  void verify_longer_isNamed() throws IOException {
    Files.writeString(file, "[\"/a\"]\n");
    assertRefused("has 7 bytes");
  }
}
