// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.ScopedRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Deletions by the names of AUFS and OCI layers, as the seed's own tests have them. */
class DeletedFilesByNameIT {

  @TempDir private Path temp;
  private Path upper;

  @BeforeEach
  void makeUpper() throws IOException {
    upper = Files.createDirectory(temp.resolve("upper"));
  }

  @Test
  void captureByName_listsWhatTheNamesStandFor() throws Exception {
    Shell.in(
        upper,
        "mkdir subdir; : > .wh.somefile; : > subdir/.wh.nested; echo x > .wh.full;"
            + " ln -s x .wh.link; : > subdir/.wh..wh..opq; mknod kernel c 0 0");
    try (ScopedRoot root = ScopedRoot.open(upper)) {
      assertThat(DeletedFiles.captureByName(root))
          .containsExactly(
              BytePath.of("/kernel"), BytePath.of("/somefile"), BytePath.of("/subdir/nested"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {".wh.", ".wh..", ".wh..."})
  void captureByName_nameThatStandsForNoFile_isRefused(String name) throws IOException {
    Files.createFile(upper.resolve(name));
    try (ScopedRoot root = ScopedRoot.open(upper)) {
      assertThatExceptionOfType(TarFormatException.class)
          .isThrownBy(() -> DeletedFiles.captureByName(root))
          .withMessageContaining("'" + name + "'");
    }
  }
}
