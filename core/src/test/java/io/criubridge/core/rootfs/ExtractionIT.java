// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.Fd;
import io.criubridge.core.sys.FileStat;
import io.criubridge.core.sys.ScopedRoot;
import io.criubridge.core.sys.Syscalls;
import io.criubridge.core.sys.TestMount;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hostile archives, hostile targets. */
class ExtractionIT {

  @TempDir Path temp;
  private Path target;
  private Path outside;

  @BeforeEach
  void makeTarget() throws IOException {
    target = Files.createDirectory(temp.resolve("target"));
    outside = Files.createDirectory(temp.resolve("outside"));
    Files.writeString(outside.resolve("victim"), "safe");
  }

  private Applied apply(TarBytes archive, Existing existing) throws IOException {
    try (ScopedRoot root = ScopedRoot.open(target)) {
      return RootfsDiff.apply(archive.write(temp), root, existing);
    }
  }

  private void assertRefused(TarBytes archive, String... messageParts) {
    assertThatIOException()
        .isThrownBy(() -> apply(archive, Existing.REPLACE))
        .satisfies(e -> assertThat(e.getMessage()).contains(messageParts));
    assertThat(outside.toFile().list()).containsExactly("victim");
    assertThat(outside.resolve("victim")).hasContent("safe");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "../outside", "../.."})
  void apply_neverWritesThroughALinkOfTheTarget(String link) throws IOException {
    Files.createSymbolicLink(target.resolve("link"), Path.of(link));
    assertRefused(new TarBytes().file("link/victim", "evil"), "ELOOP", "/link/victim", "after 0");
  }

  @Test
  void apply_neverWritesThroughALinkOfTheArchive() {
    assertRefused(
        new TarBytes().symlink("link", outside.toString()).file("link/victim", "evil"),
        "ELOOP",
        "after 1 entries");
    assertRefused(
        new TarBytes().symlink("up", "../outside").directory("up/new"), "ELOOP", "/up/new");
  }

  @Test
  void apply_replacesALinkWithTheDirectoryThatTheArchiveHas() throws IOException {
    Files.createSymbolicLink(target.resolve("link"), outside);
    apply(new TarBytes().directory("link").file("link/victim", "mine"), Existing.REPLACE);
    assertThat(target.resolve("link")).isDirectory();
    assertThat(Files.isSymbolicLink(target.resolve("link"))).isFalse();
    assertThat(outside.resolve("victim")).hasContent("safe");
  }

  @Test
  void apply_replacesAFileAndNotWhatALinkPointsTo() throws IOException {
    Files.createSymbolicLink(target.resolve("file"), outside.resolve("victim"));
    Files.createLink(target.resolve("other-name"), Files.writeString(target.resolve("a"), "old"));
    apply(new TarBytes().file("file", "new").file("a", "new"), Existing.REPLACE);
    assertThat(outside.resolve("victim")).hasContent("safe");
    assertThat(target.resolve("file")).hasContent("new");
    assertThat(target.resolve("other-name")).hasContent("old");
  }

  /** GNU tar archives a file that it is told of twice as a hard link to itself. */
  @Test
  void apply_takesALinkToItselfOfWhatItWrote() throws Exception {
    Shell.in(
        temp,
        "echo 1 > a; ln a b; tar -cf made.tar a a b b; tar -tvf made.tar | grep 'a link to a'");
    try (ScopedRoot root = ScopedRoot.open(target)) {
      for (Existing existing : Existing.values()) {
        RootfsDiff.apply(temp.resolve("made.tar"), root, existing);
        assertThat(Shell.in(target, "cat a; stat -c %h a b")).isEqualTo("1\n2\n2\n");
      }
    }
    assertRefused(new TarBytes().hardLink("b", "b"), "'b'");
  }

  @Test
  void apply_refusesHardLinksToWhatItDidNotWrite() throws IOException {
    Files.writeString(target.resolve("shadow"), "image's");
    Files.createSymbolicLink(target.resolve("link"), outside);
    assertRefused(new TarBytes().hardLink("mine", "shadow"), "'mine'", "/shadow");
    assertRefused(new TarBytes().hardLink("mine", "link/victim"), "'mine'");
    assertRefused(new TarBytes().hardLink("mine", "../outside/victim"), "'mine'");
    assertRefused(new TarBytes().hardLink("mine", "mine"), "'mine'");
    assertRefused(
        new TarBytes().file("a", "").entry("a", '5', "", "").hardLink("b", "a"), "EISDIR", "/b");
    assertThat(target.resolve("mine")).doesNotExist();
  }

  @Test
  void apply_refusesARootThatIsNoDirectory() {
    assertRefused(new TarBytes().file("./", "").symlink(".", "x"), "root");
  }

  @Test
  void apply_neverEntersOrReplacesAMount() throws IOException {
    Files.createDirectories(target.resolve("data/vol"));
    Files.writeString(target.resolve("etc"), "image's");
    Path volume = Files.createDirectory(temp.resolve("volume"));
    Files.writeString(volume.resolve("kept"), "kept");
    try (TestMount mount = TestMount.bind(volume, target.resolve("data/vol"));
        TestMount file = TestMount.bind(outside.resolve("victim"), target.resolve("etc"))) {
      assertRefused(new TarBytes().file("data/vol/kept", "evil"), "EXDEV", "/data/vol/kept");
      assertRefused(new TarBytes().directory("data/vol"), "EXDEV", "/data/vol");
      assertRefused(new TarBytes().directory("data").file("data", "evil"), "EXDEV", "/data");
      assertRefused(new TarBytes().file("etc", "evil"), "EXDEV", "/etc");
      assertThat(mount.path().resolve("kept")).hasContent("kept");
      assertThat(file.path()).hasContent("safe");
      try (ScopedRoot root = ScopedRoot.open(target)) {
        OpaqueDirectories.clear(List.of(BytePath.of("/data"), BytePath.of("/absent")), root);
        assertThatIOException()
            .isThrownBy(() -> DeletedFiles.apply(List.of(BytePath.of("/data")), root))
            .withMessageContaining("EXDEV");
      }
      assertThat(mount.path().resolve("kept")).hasContent("kept");
    }
  }

  @Test
  void apply_namesTheEntryAndTheCountWhereTheTargetIsReadOnly() throws Exception {
    try (TestMount mount = TestMount.tmpfs(target)) {
      Shell.in(temp, "mount -o remount,ro target");
      assertThatExceptionOfType(ApplyException.class)
          .isThrownBy(() -> apply(new TarBytes().file("x", ""), Existing.REPLACE))
          .withMessageContaining("apply /x, after 0 entries")
          .withMessageContaining("EROFS")
          .satisfies(e -> assertThat(e.done()).isZero());
      assertThat(mount.path()).isEmptyDirectory();
    }
  }

  /** What is still in a buffer then is not applied, nor counted. */
  @ParameterizedTest
  @ValueSource(strings = {"../x", "f1/x", "no header"})
  void apply_countsWhatIsInPlaceWhereItFails(String name) {
    TarBytes archive = new TarBytes();
    for (int i = 0; i < 500; i++) {
      archive.file("f" + i, "content");
    }
    if (name.equals("no header")) {
      archive.raw(name.repeat(512).getBytes(US_ASCII));
    } else {
      archive.file(name, "");
    }
    assertRefused(archive, name.equals("no header") ? "archive offset 512000" : name);
    assertThatIOException()
        .isThrownBy(() -> apply(archive, Existing.REPLACE))
        .withMessageContaining("after " + target.toFile().list().length + " entries");
  }

  @Test
  void apply_leavesNoTemporaryFileWhereItFails() throws IOException {
    byte[] whole = new TarBytes().file("x", "content").bytes();
    byte[] cut = Arrays.copyOf(whole, 515);
    Path archive = Files.write(temp.resolve("cut.tar"), cut);
    try (ScopedRoot root = ScopedRoot.open(target)) {
      assertThatExceptionOfType(TarFormatException.class)
          .isThrownBy(() -> RootfsDiff.apply(archive, root, Existing.REPLACE));
    }
    assertThat(target).isEmptyDirectory();
  }

  @Test
  void apply_keepsWhatIsThereIfAsked() throws IOException {
    Files.writeString(target.resolve("there"), "image's");
    TarBytes archive =
        new TarBytes().file("there", "new").hardLink("too", "there").file("new", "new");
    assertThat(apply(archive, Existing.KEEP)).isEqualTo(new Applied(2, 1, 0));
    assertThat(target.resolve("there")).hasContent("image's");
    assertThat(target.resolve("too")).hasContent("image's");
    assertThat(target.resolve("new")).hasContent("new");
  }

  @ParameterizedTest
  @ValueSource(chars = {'0', '2', '3', '6'})
  void apply_forgetsTheDirectoriesThatItReplaces(char type) throws IOException {
    TarBytes archive =
        new TarBytes().directory("d").directory("d/e").directory("x").entry("d", type, "x", "");
    assertThat(apply(archive, Existing.REPLACE).entries()).isEqualTo(4);
    apply(archive.directory("d"), Existing.REPLACE);
    assertThat(Files.getLastModifiedTime(target.resolve("d")).toMillis())
        .isEqualTo(1_000_000_000_000L);
    assertThat(target.resolve("d")).isEmptyDirectory();
  }

  @Test
  void apply_takesAWhiteoutForADeletion() throws IOException {
    Files.writeString(target.resolve("gone"), "");
    apply(new TarBytes().entry("gone", '3', "", ""), Existing.REPLACE);
    assertThat(target).isEmptyDirectory();
  }

  @Test
  void apply_acceptsAFileTwiceAndALinkTwice() throws IOException {
    TarBytes archive =
        new TarBytes().file("a", "1").hardLink("b", "a").hardLink("b", "a").file("a", "2");
    apply(archive, Existing.REPLACE);
    assertThat(target.resolve("a")).hasContent("2");
    assertThat(target.resolve("b")).hasContent("1");
    assertThat(target.toFile().list()).containsExactlyInAnyOrder("a", "b");
  }

  @Test
  void capture_failsWhereAFileIsTruncatedOrChanges() throws IOException {
    Path file = Files.writeString(target.resolve("file"), "x".repeat(4096));
    try (ScopedRoot root = ScopedRoot.open(target);
        Fd fd = root.openStrict(BytePath.of("/file"))) {
      FileStat stat = Syscalls.fstat(fd);
      try (FileContent content = FileContent.open(BytePath.of("/file"), fd, stat)) {
        content.checkUnchanged();
        Files.writeString(file, "short");
        assertThatExceptionOfType(CaptureException.class)
            .isThrownBy(() -> content.read(ByteBuffer.allocateDirect(4096), 0))
            .withMessageContaining("/file");
        assertThatExceptionOfType(CaptureException.class)
            .isThrownBy(content::checkUnchanged)
            .withMessageContaining("changed");
      }
    }
  }

  /** From here the kernel would let a name go that is a mount point there, and unmount it. */
  @Test
  void apply_respectsTheMountsOfAnotherNamespace() throws Exception {
    Files.createDirectories(target.resolve("data/vol"));
    Files.writeString(target.resolve("hosts"), "image's");
    String script =
        """
        mount -t tmpfs vol data/vol; echo kept > data/vol/kept
        mount --bind ../outside/victim hosts; echo ready; exec sleep 60
        """;
    Process container =
        new ProcessBuilder("unshare", "-m", "bash", "-euc", script)
            .directory(target.toFile())
            .redirectErrorStream(true)
            .start();
    try {
      assertThat(container.inputReader().readLine()).isEqualTo("ready");
      Path there = Path.of("/proc/" + container.pid() + "/root" + target);
      try (ScopedRoot root = ScopedRoot.open(there)) {
        for (TarBytes archive :
            List.of(
                new TarBytes().file("hosts", "evil"),
                new TarBytes().file("data/vol/kept", "evil"),
                new TarBytes().file("data", "evil"))) {
          Path made = archive.write(temp);
          assertThatIOException()
              .isThrownBy(() -> RootfsDiff.apply(made, root, Existing.REPLACE))
              .withMessageContaining("EXDEV");
        }
        OpaqueDirectories.clear(List.of(BytePath.of("/data")), root);
        assertThatIOException()
            .isThrownBy(() -> root.replaceFile(BytePath.of("/hosts"), new byte[1], 0600))
            .withMessageContaining("EBUSY");
      }
      assertThat(there.resolve("hosts")).hasContent("safe");
      assertThat(there.resolve("data/vol/kept")).hasContent("kept");
    } finally {
      container.destroyForcibly().waitFor();
    }
  }
}
