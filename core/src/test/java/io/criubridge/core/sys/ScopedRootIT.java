// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.sys;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a workload may plant in its root, met by both ways to look paths up. */
class ScopedRootIT {

  @TempDir Path temp;

  private Path rootDir() throws IOException {
    return Files.createDirectories(temp.resolve("root"));
  }

  private static void assertErrno(int errno, ThrowingCallable call) {
    assertThatExceptionOfType(ErrnoException.class)
        .isThrownBy(call)
        .satisfies(e -> assertThat(e.errno()).as(e.getMessage()).isEqualTo(errno));
  }

  @ParameterizedTest
  @EnumSource(PathWalk.class)
  void stat_followsLinksWithinTheRootOnly(PathWalk walk) throws IOException {
    Path dir = rootDir();
    Files.writeString(temp.resolve("secret"), "outside");
    Files.createDirectories(dir.resolve("etc"));
    Files.writeString(dir.resolve("etc/conf"), "inside");
    Files.createSymbolicLink(dir.resolve("abs"), Path.of("/etc/conf"));
    Files.createSymbolicLink(dir.resolve("up"), Path.of("../../secret"));
    Files.createSymbolicLink(dir.resolve("etc/dots"), Path.of("../../../etc/../abs"));
    Files.createSymbolicLink(dir.resolve("loop"), Path.of("loop"));
    try (ScopedRoot root = ScopedRoot.open(dir, walk)) {
      assertThat(root.readFile(BytePath.of("/abs"), 100)).isEqualTo("inside".getBytes(UTF_8));
      assertThat(root.readFile(BytePath.of("/etc/dots"), 6)).isEqualTo("inside".getBytes(UTF_8));
      assertThat(root.stat(BytePath.of("/up"))).isEmpty();
      assertThat(root.lstat(BytePath.of("/up")).orElseThrow().type()).isEqualTo(FileType.SYMLINK);
      assertThat(root.stat(BytePath.of("/etc/conf/x"))).isEmpty();
      assertThat(root.stat(BytePath.ROOT).orElseThrow().isDirectory()).isTrue();
      assertErrno(Errno.ELOOP, () -> root.stat(BytePath.of("/loop")));
      assertErrno(Errno.EFBIG, () -> root.readFile(BytePath.of("/abs"), 5));
      assertErrno(Errno.EINVAL, () -> root.readFile(BytePath.of("/etc"), 5));
    }
  }

  @ParameterizedTest
  @EnumSource(PathWalk.class)
  void realPath_isWhereAProcessInTheRootWouldCome(PathWalk walk) throws IOException {
    Path dir = rootDir();
    Files.createDirectories(dir.resolve("run/x"));
    Files.createDirectories(dir.resolve("var"));
    Files.createSymbolicLink(dir.resolve("var/run"), Path.of("/run"));
    Files.createSymbolicLink(dir.resolve("chain"), Path.of("var/../var/run/./x/"));
    Files.createSymbolicLink(dir.resolve("up"), Path.of("../../../../etc"));
    Files.createSymbolicLink(dir.resolve("loop"), Path.of("/loop/x"));
    try (ScopedRoot root = ScopedRoot.open(dir, walk)) {
      assertRealPath(root, "/var/run/x/new/y", "/run/x/new/y");
      assertRealPath(root, "/chain", "/run/x");
      assertRealPath(root, "/up/passwd", "/etc/passwd");
      assertRealPath(root, "/not/there", "/not/there");
      assertRealPath(root, "/", "/");
      assertErrno(Errno.ELOOP, () -> root.realPath(BytePath.of("/loop")));
    }
  }

  private static void assertRealPath(ScopedRoot root, String path, String real) throws IOException {
    assertThat(root.realPath(BytePath.of(path))).isEqualTo(BytePath.of(real));
  }

  @ParameterizedTest
  @EnumSource(PathWalk.class)
  void openStrict_refusesLinksAndMounts(PathWalk walk) throws IOException {
    Path dir = rootDir();
    Files.createDirectories(dir.resolve("etc/sub"));
    Files.createDirectories(dir.resolve("mnt"));
    Files.createSymbolicLink(dir.resolve("link"), Path.of("etc"));
    try (TestMount mount = TestMount.tmpfs(dir.resolve("mnt"));
        ScopedRoot root = ScopedRoot.open(dir, walk)) {
      Files.createDirectories(mount.path().resolve("below"));
      assertErrno(Errno.ELOOP, () -> root.openStrict(BytePath.of("/link/sub")));
      assertErrno(Errno.EXDEV, () -> root.openStrict(BytePath.of("/mnt")));
      assertErrno(Errno.EXDEV, () -> root.openStrict(BytePath.of("/mnt/below")));
      try (Fd link = root.openStrict(BytePath.of("/link"))) {
        assertThat(Syscalls.readlink(link)).isEqualTo("etc".getBytes(UTF_8));
      }
      assertThat(root.stat(BytePath.of("/mnt/below"))).isPresent();
      assertThat(root.findStrict(BytePath.of("/nothing/at/all"))).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(PathWalk.class)
  void replaceFile_neverWritesThroughALink(PathWalk walk) throws IOException {
    Path dir = rootDir();
    Path victim = Files.writeString(temp.resolve("victim"), "safe");
    Files.createDirectories(dir.resolve("run"));
    Files.createSymbolicLink(dir.resolve("run/done"), victim);
    Files.createSymbolicLink(dir.resolve("var"), Path.of("/run"));
    try (ScopedRoot root = ScopedRoot.open(dir, walk)) {
      root.replaceFile(BytePath.of("/var/done"), "yes".getBytes(UTF_8), 0644);
    }
    assertThat(victim).hasContent("safe");
    assertThat(dir.resolve("run/done")).isRegularFile().hasContent("yes");
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(dir.resolve("run/done"))))
        .isEqualTo("rw-r--r--");
    assertThat(dir.resolve("run").toFile().list()).containsExactly("done");
  }

  @ParameterizedTest
  @EnumSource(PathWalk.class)
  void replaceFile_refusesAMountPointAndADirectory(PathWalk walk) throws IOException {
    Path dir = rootDir();
    Path source = Files.writeString(temp.resolve("source"), "volume");
    Path target = Files.writeString(dir.resolve("target"), "below");
    Files.createDirectory(dir.resolve("directory"));
    try (TestMount mount = TestMount.bind(source, target);
        ScopedRoot root = ScopedRoot.open(dir, walk)) {
      byte[] content = {'x'};
      assertErrno(Errno.EBUSY, () -> root.replaceFile(BytePath.of("/target"), content, 0600));
      assertErrno(Errno.EISDIR, () -> root.replaceFile(BytePath.of("/directory"), content, 0600));
      assertThat(mount.path()).hasContent("volume");
    }
    assertThat(dir.toFile().list()).containsExactlyInAnyOrder("target", "directory");
  }

  @ParameterizedTest
  @EnumSource(PathWalk.class)
  void remove_takesTheLinkAndNotItsTarget(PathWalk walk) throws IOException {
    Path dir = rootDir();
    Path outside = Files.createDirectories(temp.resolve("outside"));
    Files.writeString(outside.resolve("keep"), "");
    Files.createDirectories(dir.resolve("tree/deep/deeper"));
    Files.createSymbolicLink(dir.resolve("tree/deep/link"), outside);
    Files.createSymbolicLink(dir.resolve("link"), outside);
    try (ScopedRoot root = ScopedRoot.open(dir, walk)) {
      assertErrno(Errno.ELOOP, () -> root.remove(BytePath.of("/link/keep")));
      assertThat(root.remove(BytePath.of("/tree"))).isTrue();
      assertThat(root.remove(BytePath.of("/tree"))).isFalse();
      assertThat(root.remove(BytePath.of("/tree/deep/x"))).isFalse();
      assertThat(root.remove(BytePath.of("/link"))).isTrue();
      assertThatThrownBy(() -> root.remove(BytePath.ROOT))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(outside.resolve("keep")).exists();
    assertThat(dir).isEmptyDirectory();
  }

  @ParameterizedTest
  @EnumSource(PathWalk.class)
  void remove_leavesEverythingWhereAMountIsBelow(PathWalk walk) throws IOException {
    Path dir = rootDir();
    Files.createDirectories(dir.resolve("a/b/mnt"));
    Files.writeString(dir.resolve("a/z"), "");
    try (TestMount mount = TestMount.tmpfs(dir.resolve("a/b/mnt"));
        ScopedRoot root = ScopedRoot.open(dir, walk)) {
      Files.writeString(mount.path().resolve("data"), "");
      assertErrno(Errno.EXDEV, () -> root.remove(BytePath.of("/a")));
      assertErrno(Errno.EXDEV, () -> root.remove(BytePath.of("/a/b/mnt")));
      assertErrno(Errno.EXDEV, () -> root.remove(BytePath.of("/a/b/mnt/data")));
      assertThat(mount.path().resolve("data")).exists();
      assertThat(dir.resolve("a/z")).exists();
    }
  }

  @ParameterizedTest
  @EnumSource(PathWalk.class)
  void clear_leavesMountsAndTheWayToThem(PathWalk walk) throws IOException {
    Path dir = rootDir();
    Files.createDirectories(dir.resolve("a/b/mnt"));
    Files.createDirectories(dir.resolve("a/c/d"));
    Files.writeString(dir.resolve("a/b/z"), "");
    try (TestMount mount = TestMount.tmpfs(dir.resolve("a/b/mnt"));
        ScopedRoot root = ScopedRoot.open(dir, walk)) {
      Files.writeString(mount.path().resolve("data"), "");
      assertThat(root.clear(BytePath.of("/a"))).isTrue();
      assertThat(root.clear(BytePath.of("/nothing"))).isFalse();
      assertErrno(Errno.EXDEV, () -> root.clear(BytePath.of("/a/b/mnt")));
      assertThat(mount.path().resolve("data")).exists();
      assertThat(dir.resolve("a").toFile().list()).containsExactly("b");
      assertThat(dir.resolve("a/b").toFile().list()).containsExactly("mnt");
    }
  }

  @ParameterizedTest
  @EnumSource(PathWalk.class)
  void remove_reachesNamesBeyondPathMax(PathWalk walk) throws IOException {
    Path dir = rootDir();
    byte[] name = "n".repeat(250).getBytes(UTF_8);
    BytePath path = BytePath.of("/top");
    for (int i = 0; i < 40; i++) {
      path = path.resolve(name);
    }
    BytePath odd = path.resolve("\u00ff\n".getBytes(ISO_8859_1));
    List<BytePath> made = new ArrayList<>();
    try (ScopedRoot root = ScopedRoot.open(dir, walk)) {
      root.makeDirectories(odd, made::add).close();
      assertThat(made).hasSize(42).startsWith(BytePath.of("/top")).endsWith(odd);
      assertThat(root.remove(odd)).isTrue();
      made.clear();
      root.makeDirectories(odd, made::add).close();
      assertThat(made).containsExactly(odd);
      assertThat(root.remove(BytePath.of("/top"))).isTrue();
    }
    assertThat(dir).isEmptyDirectory();
  }

  @ParameterizedTest
  @EnumSource(PathWalk.class)
  void ensureMountPoint_makesWhatIsMissing(PathWalk walk) throws IOException {
    Path dir = rootDir();
    Files.createDirectories(dir.resolve("run"));
    Files.createDirectories(dir.resolve("var"));
    Files.createSymbolicLink(dir.resolve("var/run"), Path.of("/run"));
    try (ScopedRoot root = ScopedRoot.open(dir, walk)) {
      BytePath file = BytePath.of("/var/run/secrets/token");
      assertThat(root.ensureMountPoint(file, FileType.REGULAR, 0640)).isTrue();
      assertThat(root.ensureMountPoint(file, FileType.REGULAR, 0640)).isFalse();
      assertErrno(Errno.ENOTDIR, () -> root.ensureMountPoint(file, FileType.DIRECTORY, 0755));
      assertThat(root.ensureMountPoint(BytePath.of("/mnt"), FileType.DIRECTORY, 0777)).isTrue();
      assertThat(root.ensureMountPoint(BytePath.ROOT, FileType.DIRECTORY, 0755)).isFalse();
    }
    Path token = dir.resolve("run/secrets/token");
    assertThat(token).isEmptyFile();
    assertThat(Files.getAttribute(token, "unix:mode")).isEqualTo(0100640);
    assertThat(Files.getAttribute(dir.resolve("mnt"), "unix:mode")).isEqualTo(040777);
  }
}
