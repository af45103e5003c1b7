// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.ScopedRoot;
import io.criubridge.core.sys.TestMount;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** A real overlay over a given lower directory, unmounted when closed. */
final class TestOverlay implements AutoCloseable {

  private final Path upper;
  private final TestMount mount;

  private TestOverlay(Path upper, TestMount mount) {
    this.upper = upper;
    this.mount = mount;
  }

  static TestOverlay over(Path lower, Path dir, String options) throws IOException {
    return over(lower.toString(), dir, options);
  }

  /** Over several layers, separated by colons, the topmost first. */
  static TestOverlay over(String lower, Path dir, String options) throws IOException {
    Path upper = Files.createDirectories(dir.resolve("upper"));
    Path work = Files.createDirectories(dir.resolve("work"));
    Path merged = Files.createDirectories(dir.resolve("merged"));
    String all = "lowerdir=" + lower + ",upperdir=" + upper + ",workdir=" + work + options;
    return new TestOverlay(upper, TestMount.overlay(merged, all));
  }

  Path upper() {
    return upper;
  }

  Path merged() {
    return mount.path();
  }

  Path path(String relative) {
    return merged().resolve(relative);
  }

  Capture capture(Path archive, CaptureOptions options) throws IOException {
    try (ScopedRoot upperRoot = ScopedRoot.openToRead(upper);
        ScopedRoot mergedRoot = ScopedRoot.open(merged());
        FileChannel out =
            FileChannel.open(archive, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      return RootfsDiff.capture(
          upperRoot, mergedRoot, options.withWorkDirectory(workDirectory()), out);
    }
  }

  Path workDirectory() {
    return upper.resolveSibling("work");
  }

  /** What {@link DeletedFiles#capture} lists. */
  List<BytePath> deleted() throws IOException {
    try (ScopedRoot upperRoot = ScopedRoot.openToRead(upper);
        ScopedRoot mergedRoot = ScopedRoot.open(merged())) {
      return DeletedFiles.capture(upperRoot, mergedRoot, CaptureOptions.everything());
    }
  }

  /** All three steps of a restore. */
  Applied restore(Path archive, Capture capture) throws IOException {
    try (ScopedRoot root = ScopedRoot.open(merged())) {
      OpaqueDirectories.clear(capture.opaque(), root);
      Applied applied = RootfsDiff.apply(archive, root, Existing.REPLACE);
      DeletedFiles.apply(capture.deleted(), root);
      return applied;
    }
  }

  @Override
  public void close() throws IOException {
    mount.close();
  }
}
