// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.FileStat;
import io.criubridge.core.sys.ScopedRoot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CaptureOptionsTest {

  @TempDir private Path tree;

  private String archiveOfTree(CaptureOptions options) throws IOException {
    ByteArrayOutputStream archive = new ByteArrayOutputStream();
    try (ScopedRoot root = ScopedRoot.open(tree)) {
      RootfsDiff.capture(root, root, options, Channels.newChannel(archive));
    }
    return archive.toString(UTF_8);
  }

  @Test
  void besideCriu_leavesOutTheDirectoriesThatCriuMakesMeanwhile() throws IOException {
    Path tmp = Files.createDirectory(tree.resolve("tmp"));
    Path old = Files.createDirectory(tmp.resolve("cr-tmpfs.abcdef"));
    FileStat.Time time;
    try (ScopedRoot root = ScopedRoot.open(old)) {
      time = root.stat(BytePath.ROOT).orElseThrow().changed();
    }
    Instant since = Instant.ofEpochSecond(time.seconds(), time.nanos() + 1L);
    Path made = tmp.resolve("cr-tmpfs.ghijkl");
    do {
      // Until the file system's clock has moved on.
      Files.deleteIfExists(made);
      Files.createDirectory(made);
    } while (Files.getLastModifiedTime(made).toInstant().isBefore(since));
    Files.createDirectory(tmp.resolve("cr-tmpfs.longer-than-that"));

    assertThat(archiveOfTree(CaptureOptions.everything()))
        .contains("./tmp/cr-tmpfs.abcdef/", "./tmp/cr-tmpfs.ghijkl/");
    assertThat(archiveOfTree(CaptureOptions.everything().besideCriu(since)))
        .contains("./tmp/cr-tmpfs.abcdef/", "./tmp/cr-tmpfs.longer-than-that/")
        .doesNotContain("cr-tmpfs.ghijkl");
  }
}
