// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.ScopedRoot;
import io.criubridge.core.sys.TestRoots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A workload that all the time swaps a directory for a link to one outside. */
class RacingLinkIT {

  private static final Duration EACH = Duration.ofSeconds(10);
  private static final String SECRET = "secret-of-the-host";

  @TempDir Path temp;
  private Path tree;
  private Path outside;

  @FunctionalInterface
  private interface Opener {
    ScopedRoot open(Path dir) throws IOException;
  }

  @Test
  void applyDeleteAndCapture_neverLeaveTheTree() throws Exception {
    race(TestRoots::byKernel);
  }

  @Test
  void applyDeleteAndCapture_neverLeaveTheTreeWithoutOpenat2() throws Exception {
    race(TestRoots::byComponents);
  }

  private void race(Opener opener) throws Exception {
    tree = Files.createDirectory(temp.resolve("tree"));
    outside = Files.createDirectory(temp.resolve("outside"));
    Files.writeString(outside.resolve("victim"), SECRET);
    Files.createDirectory(outside.resolve("sub"));
    Files.writeString(outside.resolve("sub/victim"), SECRET);
    Files.createDirectories(tree.resolve("dir/sub"));
    Files.createSymbolicLink(tree.resolve("spare"), outside);
    Path archive =
        new TarBytes()
            .file("dir/victim", "evil")
            .symlink("dir/sub/link", "x")
            .file("dir/sub/victim", "evil")
            .hardLink("dir/sub/hard", "dir/victim")
            .write(temp);
    AtomicBoolean stop = new AtomicBoolean();
    AtomicLong swaps = new AtomicLong();
    Thread workload = new Thread(() -> swap(stop, swaps), "workload");
    workload.start();
    long rounds = 0;
    long done = 0;
    try (ScopedRoot root = opener.open(tree)) {
      long end = System.nanoTime() + EACH.toNanos();
      for (; System.nanoTime() < end; rounds++) {
        done += attempt(() -> RootfsDiff.apply(archive, root, Existing.REPLACE));
        attempt(() -> assertNothingOfOutside(root));
        attempt(
            () -> {
              List<BytePath> deleted = List.of(BytePath.of("/dir/victim"), BytePath.of("/dir/sub"));
              DeletedFiles.apply(deleted, root);
              OpaqueDirectories.clear(List.of(BytePath.of("/dir")), root);
            });
      }
    } finally {
      stop.set(true);
      workload.join();
    }
    assertThat(swaps.get()).isPositive();
    assertThat(rounds).isPositive();
    assertThat(done).as("applied in %d rounds", rounds).isPositive();
    assertThat(outside.resolve("victim")).hasContent(SECRET);
    assertThat(outside.resolve("sub/victim")).hasContent(SECRET);
    assertThat(outside.toFile().list()).containsExactlyInAnyOrder("victim", "sub");
    assertThat(outside.resolve("sub").toFile().list()).containsExactly("victim");
  }

  /** Two renames by way of a third name; whatever was deleted meanwhile is made anew. */
  private void swap(AtomicBoolean stop, AtomicLong swaps) {
    Path dir = tree.resolve("dir");
    Path spare = tree.resolve("spare");
    Path third = tree.resolve("third");
    while (!stop.get()) {
      try {
        Files.move(dir, third);
        Files.move(spare, dir);
        Files.move(third, spare);
        swaps.incrementAndGet();
      } catch (IOException lostToTheOther) {
        mend(dir, spare, third);
      }
    }
  }

  private void mend(Path dir, Path spare, Path third) {
    try {
      if (Files.exists(third) && !Files.isSymbolicLink(dir)) {
        Shell.in(tree, "rm -rf third");
      }
      if (!Files.isSymbolicLink(dir) && !Files.isSymbolicLink(spare)) {
        Shell.in(tree, "rm -rf spare");
        Files.createSymbolicLink(spare, outside);
      }
      Files.createDirectories(dir);
    } catch (IOException | InterruptedException lostAgain) {
      Thread.yield();
    }
  }

  @FunctionalInterface
  private interface Step {
    void run() throws IOException;
  }

  /** Failing is what is right at a link; it is counted out. */
  private static int attempt(Step step) {
    try {
      step.run();
      return 1;
    } catch (IOException refused) {
      return 0;
    }
  }

  private static void assertNothingOfOutside(ScopedRoot root) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    RootfsDiff.capture(root, root, CaptureOptions.everything(), Channels.newChannel(bytes));
    assertThat(PaxRecords.text(bytes.toByteArray())).doesNotContain(SECRET);
  }
}
