// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.Fd;
import io.criubridge.core.sys.ScopedRoot;
import io.criubridge.core.sys.Syscalls;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A workload on an overlay that exchanges directories for links to outside, at three depths. */
class RacingOverlayIT {

  private static final Duration EACH = Duration.ofSeconds(10);
  private static final String SECRET = "secret-of-the-host";

  /** Each beside a link that it changes places with. */
  private static final List<String> DIRECTORIES = List.of("a", "a/b", "a/b/c");

  @TempDir Path temp;
  private Path outside;

  @FunctionalInterface
  private interface Step {
    void run() throws IOException;
  }

  @Test
  void captureApplyAndDelete_neverLeaveTheOverlay() throws Exception {
    outside = Files.createDirectory(temp.resolve("outside"));
    Shell.in(
        outside, "mkdir -p b/c c; for d in . b c b/c; do echo %s > $d/f; done".formatted(SECRET));
    TreeSnapshot before = TreeSnapshot.of(outside);
    Path lower = Files.createDirectory(temp.resolve("lower"));
    Shell.in(lower, "mkdir -p a/b/c; for d in a a/b a/b/c; do echo mine > $d/f; done");
    Path archive =
        new TarBytes()
            .file("a/f", "evil")
            .file("a/b/f", "evil")
            .file("a/b/c/f", "evil")
            .file("a/b/c/d/f", "evil")
            .hardLink("a/b/c/hard", "a/b/f")
            .symlink("a/b/c/link", "x")
            .write(temp);
    try (TestOverlay overlay =
            TestOverlay.over(lower, temp.resolve("overlay"), ",redirect_dir=on");
        ScopedRoot upper = ScopedRoot.openToRead(overlay.upper());
        ScopedRoot merged = ScopedRoot.open(overlay.merged())) {
      AtomicLong swaps = new AtomicLong();
      long[] done =
          race(
              overlay,
              swaps,
              List.of(
                  () -> requireNoSecret(upper, merged),
                  () -> RootfsDiff.apply(archive, merged, Existing.REPLACE),
                  () -> requireNoSecret(upper, merged),
                  () ->
                      DeletedFiles.apply(
                          List.of(BytePath.of("/a/b/f"), BytePath.of("/a/b/c/hard")), merged),
                  () -> OpaqueDirectories.clear(List.of(BytePath.of("/a/b/c/d")), merged)));
      assertThat(swaps.get()).isGreaterThan(100);
      assertThat(done).as("successes of each step").doesNotContain(0);
      assertThat(TreeSnapshot.of(outside)).isEqualTo(before);
    }
  }

  private long[] race(TestOverlay overlay, AtomicLong swaps, List<Step> steps) throws Exception {
    for (String directory : DIRECTORIES) {
      Files.createSymbolicLink(overlay.path(directory + "-link"), outside);
    }
    AtomicBoolean stop = new AtomicBoolean();
    Thread workload = new Thread(() -> exchangeUntil(stop, overlay, swaps), "workload");
    workload.start();
    long[] done = new long[steps.size()];
    try {
      long end = System.nanoTime() + EACH.toNanos();
      while (System.nanoTime() < end) {
        for (int i = 0; i < done.length; i++) {
          try {
            steps.get(i).run();
            done[i]++;
          } catch (IOException refused) {
            // As is right at a link.
          }
        }
      }
    } finally {
      stop.set(true);
      workload.join();
    }
    return done;
  }

  /** Each name is always there, a directory or a link; the deepest most often. */
  private static void exchangeUntil(AtomicBoolean stop, TestOverlay overlay, AtomicLong swaps) {
    for (int round = 0; !stop.get(); round++) {
      for (String directory : DIRECTORIES) {
        try {
          exchange(overlay.path(directory));
          swaps.incrementAndGet();
        } catch (IOException throughALink) {
          // Of a parent that is the link just now.
          Thread.onSpinWait();
        }
      }
      // Now and then for long enough that a step may succeed, in each of the states.
      LockSupport.parkNanos(round % 7 == 0 ? 5_000_000 : 0);
    }
  }

  private static void exchange(Path directory) throws IOException {
    byte[] name = directory.getFileName().toString().getBytes(UTF_8);
    byte[] link = (directory.getFileName() + "-link").getBytes(UTF_8);
    try (Fd parent = Syscalls.open(directory.getParent(), Syscalls.O_PATH | Syscalls.O_DIRECTORY)) {
      Syscalls.renameat2(parent, name, parent, link, Syscalls.RENAME_EXCHANGE);
    }
  }

  private static void requireNoSecret(ScopedRoot upper, ScopedRoot merged) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      RootfsDiff.capture(upper, merged, CaptureOptions.everything(), Channels.newChannel(bytes));
    } finally {
      assertThat(PaxRecords.text(bytes.toByteArray())).doesNotContain(SECRET);
    }
  }
}
