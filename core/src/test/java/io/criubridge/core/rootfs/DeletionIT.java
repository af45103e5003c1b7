// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.ScopedRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists of deleted files and opaque directories, over a hostile target. */
class DeletionIT {

  @TempDir Path temp;
  private Path target;
  private Path outside;

  @BeforeEach
  void makeTarget() throws IOException {
    target = Files.createDirectory(temp.resolve("target"));
    outside = Files.createDirectory(temp.resolve("outside"));
    Files.writeString(outside.resolve("victim"), "safe");
  }

  @Test
  void deletions_countWhatWasDeletedBefore() throws IOException {
    Files.createSymbolicLink(target.resolve("link"), outside);
    Files.createDirectories(target.resolve("a/b"));
    List<BytePath> paths =
        List.of(BytePath.of("/a"), BytePath.of("/c"), BytePath.of("/link/victim"));
    try (ScopedRoot root = ScopedRoot.open(target)) {
      assertThatExceptionOfType(ApplyException.class)
          .isThrownBy(() -> OpaqueDirectories.clear(paths, root))
          .withMessageStartingWith("clear /link/victim, after 2 paths: ");
      assertThatExceptionOfType(ApplyException.class)
          .isThrownBy(() -> DeletedFiles.apply(paths, root))
          .withMessageStartingWith("delete /link/victim, after 2 paths: ");
    }
    assertThat(target.toFile().list()).containsExactly("link");
    assertThat(outside.resolve("victim")).hasContent("safe");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "../outside", "../.."})
  void deletedFiles_neverFollowALink(String link) throws IOException {
    Files.createSymbolicLink(target.resolve("link"), Path.of(link));
    try (ScopedRoot root = ScopedRoot.open(target)) {
      assertThatIOException()
          .isThrownBy(() -> DeletedFiles.apply(List.of(BytePath.of("/link/victim")), root))
          .withMessageContaining("ELOOP");
      assertThatIOException()
          .isThrownBy(() -> OpaqueDirectories.clear(List.of(BytePath.of("/link/x")), root))
          .withMessageContaining("ELOOP");
      OpaqueDirectories.clear(List.of(BytePath.of("/link")), root);
      DeletedFiles.apply(List.of(BytePath.of("/link"), BytePath.of("/absent/x")), root);
    }
    assertThat(outside.resolve("victim")).hasContent("safe");
    assertThat(target).isEmptyDirectory();
  }

  @Test
  void deletedFiles_neverDeleteTheRoot() throws IOException {
    Files.writeString(target.resolve("file"), "");
    try (ScopedRoot root = ScopedRoot.open(target)) {
      List<BytePath> deleted = List.of(BytePath.of("/file"), BytePath.ROOT);
      assertThatIOException().isThrownBy(() -> DeletedFiles.apply(deleted, root));
      assertThatIOException().isThrownBy(() -> OpaqueDirectories.clear(deleted, root));
    }
    assertThat(target.resolve("file")).exists();
  }
}
