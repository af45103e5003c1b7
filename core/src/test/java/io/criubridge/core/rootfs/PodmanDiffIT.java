// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.ScopedRoot;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A diff that podman made: {@code rootfs-diff.tar} and {@code deleted.files} of {@code podman
 * container checkpoint --export}, podman 4.3.1 on Debian 12, the archive compressed afterwards.
 */
class PodmanDiffIT {

  @TempDir Path temp;
  private Path target;
  private Path archive;
  private List<BytePath> deleted;

  @BeforeEach
  void makeImage() throws Exception {
    target = Files.createDirectory(temp.resolve("target"));
    Shell.in(target, "mkdir -p app/cfg; echo 1 > app/cfg/old; echo 2 > app/removed; echo 3 > kept");
    archive = temp.resolve("rootfs-diff.tar");
    try (InputStream packed = recorded("rootfs-diff.tar.gz");
        InputStream bytes = new GZIPInputStream(packed)) {
      Files.copy(bytes, archive);
    }
    try (InputStream list = recorded("deleted.files")) {
      Files.copy(list, temp.resolve("deleted.files"));
    }
    deleted = DeletedFiles.read(temp.resolve("deleted.files"));
  }

  private static InputStream recorded(String name) {
    return Objects.requireNonNull(PodmanDiffIT.class.getResourceAsStream("podman/" + name), name);
  }

  private Applied apply() throws Exception {
    try (ScopedRoot root = ScopedRoot.open(target)) {
      ApplyOptions options = ApplyOptions.of(Existing.REPLACE);
      return RootfsDiff.apply(archive, root, options, deleted);
    }
  }

  @Test
  void diff_givesWhatTheContainerHad() throws Exception {
    for (int times = 0; times < 2; times++) {
      assertThat(apply()).isEqualTo(new Applied(17, 0, 0));
      assertThat(Shell.in(target, "cat kept made/one made/deep/two; tail -c 4 made/holes"))
          .isEqualTo("3\nlinked\nlinked\nend\n");
      assertThat(Shell.in(target, "find app made -printf '%p %y %m %U:%G %l\\n' | sort"))
          .isEqualTo(
              """
              app d 755 0:0\s
              app/cfg d 755 0:0\s
              app/cfg/new f 644 0:0\s
              made d 755 0:0\s
              made/.wh.name f 644 0:0\s
              made/deep d 755 0:0\s
              made/deep/two f 644 0:0\s
              made/holes f 644 0:0\s
              made/link l 777 0:0 /app/state
              made/one f 644 0:0\s
              made/pipe p 613 0:0\s
              made/setuid f 4755 1000:5\s
              """);
      assertThat(Shell.in(target, "stat -c %h made/one; stat -c %y made/deep/two"))
          .startsWith("2\n2011-11-11 11:11:11");
    }
  }

  /** The directory is in the list, since it was replaced; what is new in it is in the archive. */
  @Test
  void directoryThatWasReplaced_keepsWhatTheArchiveBrought() throws Exception {
    assertThat(deleted).containsExactly(BytePath.of("/app/cfg"), BytePath.of("/app/removed"));
    apply();
    assertThat(Shell.in(target, "find app -type f")).isEqualTo("app/cfg/new\n");
  }
}
