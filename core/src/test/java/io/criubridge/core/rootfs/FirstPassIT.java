// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.PublishedFile;
import io.criubridge.core.sys.ScopedRoot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An archive of two passes must give what one pass over tasks that stand still gives. */
class FirstPassIT {

  @TempDir Path temp;
  private Path lower;
  private Path archive;
  private TestOverlay source;
  private TwoPasses passes;

  @BeforeEach
  void makeImage() throws Exception {
    lower = Files.createDirectory(temp.resolve("lower"));
    passes = new TwoPasses(temp, lower);
    archive = passes.archive();
    Shell.in(lower, "mkdir -p n0/n1 n2; echo 1 > n0/n3; echo 2 > n0/n1/n4; echo 3 > n5; ln n5 n6");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "echo other > d/a",
        "cp -p d/a e/ref; printf 2 | dd of=d/a conv=notrunc status=none;"
            + " touch -r e/ref d/a; rm e/ref; touch -d 2001-01-01 e",
        "rm d/a",
        "rm -r d",
        "rm -r d; echo file > d",
        "rm -r d; ln -s e d",
        "mv d/a d/z",
        "mv d e/d",
        "mv e d/e",
        "rm l; mkdir -p l/l/l; echo x > l/l/l/x",
        "ln d/a d/a2",
        "rm h1; echo new > h1",
        "rm h1",
        "mv h1 d/h1",
        "mv h2 a0",
        "mv dl z; echo more >> n5",
        "chmod 0600 d",
        "touch -d 1990-01-01 d e",
        "setfattr -n user.x -v y d/a d",
        "setfattr -x user.old d/old",
        "setfattr -x user.old e; echo x > e/f/more",
        "setfattr -x user.old e; rm -r e/f",
        "truncate -s 1M d/a",
        "rm n5",
        "rm n5; mkdir n5",
        "rm -r n0; mkdir n0",
        "mv n0 n9",
        "chmod 0700 n0/n1/n4",
        "rm -r * || true",
        "for i in $(seq 300); do echo $i > d/new$i; done"
      })
  void finish_givesWhatOnePassGives(String change) throws Exception {
    source = TestOverlay.over(lower, temp.resolve("source"), ",redirect_dir=on");
    try (TestOverlay overlay = source) {
      Shell.in(
          overlay.merged(),
          """
          mkdir -p d/sub e/f dl; echo 1 > d/a; echo b > d/sub/b; echo c > e/f/c; echo l > l
          echo h > h1; ln h1 h2; ln h1 e/h3; echo x > dl/x; ln dl/x e/x; touch -d 2001-01-01 d e
          echo o > d/old; setfattr -n user.old -v o d/old e; echo changed >> n5; rm n0/n3
          truncate -s 5M holes; echo end >> holes; mkfifo p; mknod c c 1 3; ln -s a s
          """);
      Capture capture = passes.capture(source, () -> Shell.in(overlay.merged(), change));
      if (change.isEmpty()) {
        assertThat(capture.stale().ranges()).as("only that of the root, for e").hasSize(1);
      }
      passes.requireLikeOnePass(source, capture, change);
    }
  }

  /** What was copied of it comes before the directory itself in the archive. */
  @ParameterizedTest
  @ValueSource(
      strings = {"echo image > lower/x", "ln -s n0 lower/x", "mkdir lower/x; : > lower/x/y"})
  void finish_ofADirectoryInPlaceOfAnotherThing_thatChangesAgain(String image) throws Exception {
    Shell.in(temp, image);
    source = TestOverlay.over(lower, temp.resolve("source"), "");
    try (TestOverlay overlay = source) {
      Shell.in(overlay.merged(), "rm -r x; mkdir -p x/sub; echo 1 > x/kept; echo 2 > x/sub/kept");
      Capture capture = passes.capture(source, () -> Shell.in(overlay.merged(), ": > x/more"));
      passes.requireLikeOnePass(source, capture, image);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11})
  void finish_afterChurnGivesWhatOnePassGives(long seed) throws Exception {
    source =
        TestOverlay.over(
            lower, temp.resolve("source"), seed % 2 == 0 ? ",redirect_dir=on" : ",metacopy=on");
    try (TestOverlay overlay = source) {
      ChurningTree tree = new ChurningTree(overlay.merged(), seed);
      tree.change(250);
      AtomicBoolean stop = new AtomicBoolean();
      Thread.sleep(TwoPasses.SETTLED.toMillis() + 20);
      Thread workload = tree.changeUntil(stop);
      Capture capture =
          passes.capture(
              source,
              () -> {
                Thread.sleep(20);
                stop.set(true);
                workload.join();
              });
      passes.requireLikeOnePass(source, capture, "seed " + seed + " " + tree.log());
    }
  }

  /** What {@code capture.two-pass: auto} goes by: 2,000 files, or 16 MiB that are really there. */
  @ParameterizedTest
  @CsvSource({
    "for i in $(seq 20); do echo $i > f$i; done, false",
    "truncate -s 1G sparse, false",
    "fallocate -l 15M one, false",
    "fallocate -l 16M one, true",
    "seq 2000 | xargs touch, true"
  })
  void isWorthwhile_forManyFilesOrMuchData(String change, boolean worthwhile) throws Exception {
    source = TestOverlay.over(lower, temp.resolve("source"), "");
    try (TestOverlay overlay = source) {
      Shell.in(overlay.merged(), change);
      try (ScopedRoot upper = ScopedRoot.openToRead(overlay.upper());
          ScopedRoot merged = ScopedRoot.open(overlay.merged())) {
        assertThat(FirstPass.isWorthwhile(upper, merged, CaptureOptions.everything()))
            .isEqualTo(worthwhile);
      }
    }
  }

  /** A page that is dirty already takes stores without a new time of change. */
  @Test
  void finish_seesStoresToMappedMemory() throws Exception {
    source = TestOverlay.over(lower, temp.resolve("source"), "");
    Path file = source.path("mapped");
    try (TestOverlay overlay = source;
        FileChannel channel =
            FileChannel.open(
                Files.write(file, new byte[8192]),
                StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
      MappedByteBuffer memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, 8192);
      memory.put(0, (byte) 1);
      Capture capture = passes.capture(source, () -> memory.put(1, (byte) 2));
      passes.requireLikeOnePass(source, capture, "mapped");
      // With its directory.
      assertThat(capture.stale().ranges()).hasSize(2);
    }
  }

  /** Its member is spoilt, and other tars extract it. */
  @Test
  void finish_tellsOfAFileThatVanishedWhileItWasCopied() throws Exception {
    source = TestOverlay.over(lower, temp.resolve("source"), "");
    try (TestOverlay overlay = source) {
      Path file = source.path("n2/huge");
      Shell.in(overlay.merged(), "head -c 200M /dev/zero > n2/huge; echo x > n2/x");
      Thread vanishing = new Thread(() -> vanishOnceCopied(file, archive.getParent()));
      vanishing.start();
      Capture capture = passes.capture(source, vanishing::join);
      assertThat(capture.deleted()).contains(BytePath.of("/n2/huge"));
      passes.requireLikeOnePass(source, capture, "vanished");
    }
  }

  /** Once the beginning of it is in the archive, which is alone there. */
  private static void vanishOnceCopied(Path file, Path archiveDirectory) {
    try {
      while (Stream.of(archiveDirectory.toFile().listFiles())
          .noneMatch(archive -> archive.length() >= 1 << 20)) {
        Thread.onSpinWait();
      }
      Files.newByteChannel(file, StandardOpenOption.WRITE).truncate(0).close();
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void run_leavesAloneWhatHasJustChanged() throws Exception {
    source = TestOverlay.over(lower, temp.resolve("source"), "");
    try (TestOverlay overlay = source) {
      Shell.in(overlay.merged(), "echo old > old");
      Thread.sleep(TwoPasses.SETTLED.toMillis() + 20);
      CaptureOptions options = CaptureOptions.everything();
      Files.writeString(overlay.path("fresh"), "fresh");
      try (ScopedRoot upper = ScopedRoot.openToRead(overlay.upper());
          ScopedRoot merged = ScopedRoot.open(overlay.merged());
          PublishedFile out = PublishedFile.create(archive, 0600);
          FirstPass first =
              FirstPass.run(
                  upper, merged, options, out.channel(), TwoPasses.BUDGET, TwoPasses.SETTLED)) {
        // The root has changed as well.
        assertThat(first.entries()).isOne();
        assertThat(FirstPass.isPossible(upper)).isTrue();
      }
    }
  }

  @Test
  void run_endsWithItsBudget() throws Exception {
    source = TestOverlay.over(lower, temp.resolve("source"), "");
    try (TestOverlay overlay = source) {
      Shell.in(overlay.merged(), "mkdir -p a/b; echo x > a/b/c");
      Thread.sleep(TwoPasses.SETTLED.toMillis() + 20);
      CaptureOptions options = CaptureOptions.everything();
      try (ScopedRoot upper = ScopedRoot.openToRead(overlay.upper());
          ScopedRoot merged = ScopedRoot.open(overlay.merged());
          PublishedFile out = PublishedFile.create(archive, 0600);
          FirstPass first =
              FirstPass.run(
                  upper, merged, options, out.channel(), Duration.ZERO, TwoPasses.SETTLED)) {
        assertThat(first.entries()).isOne();
        Capture capture = first.finish(upper, merged, options);
        out.publish();
        Files.write(archive.resolveSibling(StaleMembers.FILE_NAME), capture.stale().toJson());
        assertThat(capture.deleted()).isEmpty();
        assertThat(TwoPasses.members(archive)).contains("REGULAR " + BytePath.of("a/b/c"));
      }
    }
  }
}
