// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

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
import org.junit.jupiter.params.provider.CsvSource;

/** What is there stays, of whatever type it is; what cannot be applied beside it fails by name. */
class KeepExistingIT {

  @TempDir Path temp;
  private Path target;
  private Path outside;

  @BeforeEach
  void makeTarget() throws Exception {
    target = Files.createDirectory(temp.resolve("target"));
    outside = Files.createDirectory(temp.resolve("outside"));
    Shell.in(outside, "echo safe > victim");
    Shell.in(
        target,
        """
        echo old > file; mkdir -m 0711 dir; echo old > dir/old; ln -s ../outside link; mkfifo pipe
        setfattr -n user.k -v old dir; touch -d '2001-02-03 UTC' file dir
        """);
  }

  private Applied keep(TarBytes archive) throws IOException {
    try (ScopedRoot root = ScopedRoot.open(target)) {
      return RootfsDiff.apply(archive.write(temp), root, Existing.KEEP);
    }
  }

  @Test
  void existing_ofAnyOtherTypeStaysAsItIs() throws Exception {
    TreeSnapshot before = TreeSnapshot.of(target);
    TarBytes archive = new TarBytes();
    for (char type : new char[] {'0', '2', '4', '5', '6'}) {
      for (String name : List.of("file", "dir", "link", "pipe")) {
        archive.entry(name, type, "elsewhere", "");
      }
    }
    for (int times = 0; times < 2; times++) {
      assertThat(keep(archive)).isEqualTo(new Applied(0, 20, 0));
      assertThat(TreeSnapshot.of(target)).isEqualTo(before);
    }
  }

  @Test
  void existingDirectory_getsWhatItLacks() throws Exception {
    TarBytes archive =
        new TarBytes().directory("dir").file("dir/old", "new").file("dir/new", "new");
    assertThat(keep(archive)).isEqualTo(new Applied(1, 2, 0));
    assertThat(target.resolve("dir/old")).hasContent("old");
    assertThat(target.resolve("dir/new")).hasContent("new");
    assertThat(Shell.in(target, "stat -c %a dir; getfattr --only-values -n user.k dir"))
        .isEqualTo("711\nold");
  }

  /** An archive of two passes has the files of a directory that changed before the directory. */
  @Test
  void directoryThatComesAfterItsFiles_getsItsMetadata() throws Exception {
    Path lower = Files.createDirectory(temp.resolve("lower"));
    TwoPasses passes = new TwoPasses(temp, lower);
    try (TestOverlay source = TestOverlay.over(lower, temp.resolve("source"), "")) {
      Shell.in(source.merged(), "mkdir -m 0700 key; chown 7:8 key; echo secret > key/file");
      passes.capture(source, () -> Shell.in(source.merged(), ": > key/more"));
    }
    for (int times = 0; times < 2; times++) {
      try (ScopedRoot root = ScopedRoot.open(target)) {
        RootfsDiff.apply(passes.archive(), root, Existing.KEEP);
      }
      assertThat(Shell.in(target, "stat -c '%a %u:%g' key; ls key"))
          .isEqualTo("700 7:8\nfile\nmore\n");
    }
  }

  /** GNU tar archives what overlayfs has in place of a deleted file. */
  @Test
  void whiteoutOfTheKernel_deletesAllTheSame() throws Exception {
    Path from = Files.createDirectory(temp.resolve("from"));
    Shell.in(from, "mknod file c 0 0; mknod dir c 0 0; tar -cf ../made.tar file dir");
    try (ScopedRoot root = ScopedRoot.open(target)) {
      RootfsDiff.apply(temp.resolve("made.tar"), root, Existing.KEEP);
    }
    assertThat(Shell.in(target, "ls")).isEqualTo("link\npipe\n");
  }

  @ParameterizedTest
  @CsvSource({"file/x, ENOTDIR", "pipe/x, ENOTDIR", "link/victim, ELOOP", "link/new, ELOOP"})
  void entryBelowWhatIsNoDirectory_failsByName(String name, String error) throws Exception {
    TreeSnapshot before = TreeSnapshot.of(target);
    String parent = name.substring(0, name.indexOf('/'));
    assertThatExceptionOfType(ApplyException.class)
        .isThrownBy(() -> keep(new TarBytes().directory(parent).file(name, "evil")))
        .withMessageContaining("apply /" + name + ", after 0 entries")
        .withMessageContaining(error);
    assertThat(TreeSnapshot.of(target)).isEqualTo(before);
    assertThat(outside.toFile().list()).containsExactly("victim");
    assertThat(outside.resolve("victim")).hasContent("safe");
  }

  @Test
  void hardLinkToADirectoryThatWasKept_failsByName() {
    assertThatExceptionOfType(ApplyException.class)
        .isThrownBy(() -> keep(new TarBytes().file("dir", "new").hardLink("hard", "dir")))
        .withMessageContaining("apply /hard")
        .withMessageContaining("EISDIR");
    assertThat(target.resolve("hard")).doesNotExist();
  }

  /** A hard link to a link is one more name of the link. */
  @Test
  void hardLinkToALinkThatWasKept_isNotFollowed() throws Exception {
    keep(new TarBytes().file("link", "new").hardLink("hard", "link"));
    assertThat(Shell.in(target, "readlink hard")).isEqualTo("../outside\n");
  }

  /** Keeping is of files; what the workload deleted is deleted. */
  @Test
  void deletions_areAppliedAllTheSame() throws Exception {
    keep(new TarBytes().file("file", "new").file("dir/new", "new"));
    try (ScopedRoot root = ScopedRoot.open(target)) {
      for (int times = 0; times < 2; times++) {
        DeletedFiles.apply(List.of(BytePath.of("/file"), BytePath.of("/dir/old")), root);
      }
    }
    assertThat(Shell.in(target, "find . -type f")).isEqualTo("./dir/new\n");
  }
}
