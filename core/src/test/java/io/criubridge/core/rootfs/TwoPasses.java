// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.criubridge.core.sys.PublishedFile;
import io.criubridge.core.sys.ScopedRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** Captures in two passes, and proves that the archive is as good as one of one pass. */
final class TwoPasses {

  static final Duration SETTLED = Duration.ofMillis(40);
  static final Duration BUDGET = Duration.ofMinutes(1);

  private final Path temp;
  private final Path lower;
  private final Path archive;

  TwoPasses(Path temp, Path lower) throws IOException {
    this.temp = temp;
    this.lower = lower;
    this.archive = Files.createDirectory(temp.resolve("two")).resolve("rootfs-diff.tar");
  }

  Path archive() {
    return archive;
  }

  /** Between the passes. */
  @FunctionalInterface
  interface Meanwhile {
    void run() throws Exception;
  }

  /** Captures an overlay while something happens to it. */
  Capture capture(TestOverlay source, Meanwhile meanwhile) throws Exception {
    // What was changed last is not settled otherwise.
    Thread.sleep(SETTLED.toMillis() + 20);
    CaptureOptions options = CaptureOptions.everything().withWorkDirectory(source.workDirectory());
    try (ScopedRoot upper = ScopedRoot.openToRead(source.upper());
        ScopedRoot merged = ScopedRoot.open(source.merged());
        PublishedFile out = PublishedFile.create(archive, 0600);
        FirstPass first = FirstPass.run(upper, merged, options, out.channel(), BUDGET, SETTLED)) {
      meanwhile.run();
      Capture capture = first.finish(upper, merged, options);
      out.publish();
      Files.write(archive.resolveSibling(StaleMembers.FILE_NAME), capture.stale().toJson());
      return capture;
    }
  }

  /** Restores it, and has GNU tar extract it, and compares both with one pass. */
  void requireLikeOnePass(TestOverlay source, Capture two, Object context) throws Exception {
    TreeSnapshot expected = TreeSnapshot.of(source.merged());
    assertThat(Shell.in(temp, "sha256sum < two/rootfs-diff.tar")).startsWith(two.sha256());
    assertThat(two.bytes()).isEqualTo(Files.size(archive));
    try (TestOverlay target = TestOverlay.over(lower, temp.resolve("target"), "")) {
      target.restore(archive, two);
      requireSame(TreeSnapshot.of(target.merged()), expected, context);
    }
    Path single = Files.createDirectory(temp.resolve("one")).resolve("rootfs-diff.tar");
    Capture one = source.capture(single, CaptureOptions.everything());
    assertThat(members(archive)).as("%s", context).isEqualTo(members(single));
    assertThat(two.opaque()).isEqualTo(one.opaque());
    assertThat(two.deleted()).containsAll(one.deleted());
    requireSame(
        extractedByGnuTar(archive, two), extractedByGnuTar(single, one), "GNU tar, " + context);
  }

  /** Shows what differs alone. */
  private static void requireSame(TreeSnapshot actual, TreeSnapshot expected, Object context) {
    TreeMap<String, String> surplus = new TreeMap<>(actual.entries());
    surplus.entrySet().removeAll(expected.entries().entrySet());
    TreeMap<String, String> lacking = new TreeMap<>(expected.entries());
    lacking.entrySet().removeAll(actual.entries().entrySet());
    assertThat(surplus).as("%s", context).isEqualTo(lacking);
  }

  /** Type and path of each member that is part of the tree; a directory may come again. */
  static TreeSet<String> members(Path archive) throws IOException {
    TreeSet<String> names = new TreeSet<>();
    try (ArchiveInput in = ArchiveInput.open(archive)) {
      TarReader reader = new TarReader(in, ArchiveLimits.DEFAULT);
      for (Optional<TarMember> next = reader.next(); next.isPresent(); next = reader.next()) {
        String member = next.get().type() + " " + next.get().path();
        boolean first = names.add(member);
        assertThat(first || next.get().type() == TarType.DIRECTORY).as(member).isTrue();
      }
    }
    return names;
  }

  private TreeSnapshot extractedByGnuTar(Path made, Capture capture) throws Exception {
    Path extracted = Files.createTempDirectory(temp, "gnu");
    Shell.in(extracted, "tar -xpf " + made + " --xattrs --xattrs-include='*' --numeric-owner");
    try (ScopedRoot root = ScopedRoot.open(extracted)) {
      DeletedFiles.apply(capture.deleted(), root);
    }
    return TreeSnapshot.of(extracted);
  }
}
