// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.sys;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Directories with more files than fit into memory. */
class TreeRemovalIT {

  private static final FileStat.Device NONE = new FileStat.Device(0, 0);

  /** A few names. */
  private static final int SMALL_PART = 300;

  @TempDir Path temp;
  private Path dir;

  @BeforeEach
  void makeRoot() throws IOException {
    dir = Files.createDirectory(temp.resolve("root"));
  }

  private static void fill(Path directory, int files) throws IOException {
    try (Fd fd = Syscalls.open(directory, Syscalls.O_PATH | Syscalls.O_DIRECTORY)) {
      for (int i = 0; i < files; i++) {
        byte[] name = "module-with-a-name-%07d.js".formatted(i).getBytes(UTF_8);
        Syscalls.mknodat(fd, name, FileType.REGULAR, 0644, NONE);
      }
    }
  }

  /** What the process does whose memory the test bounds. */
  public static void main(String[] arguments) throws IOException {
    try (ScopedRoot root = ScopedRoot.open(Path.of(arguments[0]))) {
      root.remove(BytePath.of("/top"));
    }
  }

  @Test
  void remove_ofManyFilesInOneDirectory_takesLittleMemory() throws Exception {
    try (TestMount mount = TestMount.tmpfs(dir)) {
      fill(Files.createDirectories(mount.path().resolve("top/lib")), 200_000);
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin/java").toString(),
                  "-Xmx24m",
                  "-cp",
                  System.getProperty("java.class.path"),
                  TreeRemovalIT.class.getName(),
                  dir.toString())
              .redirectErrorStream(true)
              .start();
      String output = new String(process.getInputStream().readAllBytes(), UTF_8);
      assertThat(process.waitFor()).as(output).isZero();
      assertThat(dir).isEmptyDirectory();
    }
  }

  @Test
  void remove_takesDirectoriesInParts() throws IOException {
    fill(Files.createDirectories(dir.resolve("top/a/b")), 2_000);
    fill(Files.createDirectories(dir.resolve("top/a/c")), 1);
    fill(dir.resolve("top"), 300);
    try (ScopedRoot root = ScopedRoot.open(dir)) {
      TreeRemoval removal = new TreeRemoval(root, path -> false, SMALL_PART);
      assertThat(removal.remove(BytePath.of("/top"))).isTrue();
    }
    assertThat(dir).isEmptyDirectory();
  }

  @Test
  void clear_inParts_leavesWhatIsSparedAndMounts() throws IOException {
    fill(Files.createDirectories(dir.resolve("top/a")), 500);
    Files.createDirectories(dir.resolve("top/z/mnt"));
    fill(dir.resolve("top/z"), 500);
    BytePath spared = BytePath.of("/top/a/module-with-a-name-0000250.js");
    Set<BytePath> kept = Set.of(spared.parent(), spared);
    try (TestMount mount = TestMount.tmpfs(dir.resolve("top/z/mnt"));
        ScopedRoot root = ScopedRoot.open(dir)) {
      fill(mount.path(), 1);
      TreeRemoval removal = new TreeRemoval(root, kept::contains, SMALL_PART);
      assertThat(removal.clear(BytePath.of("/top"))).isTrue();
      assertThat(mount.path().toFile().list()).hasSize(1);
    }
    assertThat(dir.resolve("top").toFile().list()).containsExactlyInAnyOrder("a", "z");
    assertThat(dir.resolve("top/a").toFile().list()).hasSize(1);
    assertThat(dir.resolve("top/z").toFile().list()).containsExactly("mnt");
  }
}
