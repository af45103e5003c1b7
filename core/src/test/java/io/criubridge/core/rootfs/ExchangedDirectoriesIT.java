// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.criubridge.core.sys.Fd;
import io.criubridge.core.sys.PublishedFile;
import io.criubridge.core.sys.ScopedRoot;
import io.criubridge.core.sys.Syscalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two directories whose files cannot be told apart by size and times, changing places while a first
 * pass enters them: what it then has of one must not pass for the other.
 */
class ExchangedDirectoriesIT {

  private static final Duration EACH = Duration.ofSeconds(4);

  @TempDir Path temp;

  @Test
  void filesOfOne_areNotTakenForThoseOfTheOther() throws Exception {
    Path lower = Files.createDirectory(temp.resolve("lower"));
    Path archive = temp.resolve("made.tar");
    try (TestOverlay source = TestOverlay.over(lower, temp.resolve("source"), "");
        ScopedRoot upper = ScopedRoot.openToRead(source.upper());
        ScopedRoot merged = ScopedRoot.open(source.merged())) {
      makeAlike(source);
      Semaphore running = new Semaphore(1);
      AtomicBoolean stop = new AtomicBoolean();
      Thread workload = new Thread(() -> exchangeUntil(stop, running, source), "workload");
      workload.start();
      try {
        long end = System.nanoTime() + EACH.toNanos();
        while (System.nanoTime() < end) {
          capture(upper, merged, archive, running, source);
        }
      } finally {
        stop.set(true);
        workload.join();
      }
    }
  }

  private void capture(
      ScopedRoot upper, ScopedRoot merged, Path archive, Semaphore running, TestOverlay source)
      throws Exception {
    CaptureOptions options = CaptureOptions.everything();
    Duration budget = Duration.ofSeconds(9);
    Path target = Files.createTempDirectory(temp, "target");
    try (PublishedFile out = PublishedFile.create(archive, 0600);
        FirstPass first =
            FirstPass.run(upper, merged, options, out.channel(), budget, Duration.ofMillis(100))) {
      running.acquire();
      try {
        Capture capture = first.finish(upper, merged, options);
        out.publish();
        Files.write(archive.resolveSibling(StaleMembers.FILE_NAME), capture.stale().toJson());
        try (ScopedRoot root = ScopedRoot.open(target)) {
          RootfsDiff.apply(archive, root, Existing.REPLACE);
        }
        assertThat(target.resolve("a/f")).hasContent(Files.readString(source.path("a/f")));
        assertThat(target.resolve("b/f")).hasContent(Files.readString(source.path("b/f")));
      } finally {
        running.release();
      }
    }
  }

  /** The kernel's clock for files ticks some hundred times a second. */
  private static void makeAlike(TestOverlay source) throws Exception {
    Shell.in(
        source.merged(),
        """
        mkdir a b; echo A > a/f; echo B > b/f
        until [ "$(stat -c '%.9Z %.9Y' a/f)" = "$(stat -c '%.9Z %.9Y' b/f)" ]; do
          touch -d @1000000000 a/f b/f
        done
        sleep 0.2
        """);
  }

  private static void exchangeUntil(AtomicBoolean stop, Semaphore running, TestOverlay source) {
    try (Fd parent = Syscalls.open(source.merged(), Syscalls.O_PATH | Syscalls.O_DIRECTORY)) {
      while (!stop.get()) {
        running.acquireUninterruptibly();
        try {
          for (int i = 0; i < 50; i++) {
            Syscalls.renameat2(
                parent, "a".getBytes(UTF_8), parent, "b".getBytes(UTF_8), Syscalls.RENAME_EXCHANGE);
          }
        } finally {
          running.release();
        }
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
