// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.Fd;
import io.criubridge.core.sys.PublishedFile;
import io.criubridge.core.sys.ScopedRoot;
import io.criubridge.core.sys.Syscalls;
import io.criubridge.core.sys.TestMount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Trees and machines at their limits. */
class CaptureLimitsIT {

  @TempDir Path temp;
  private Path lower;
  private Path checkpoint;

  @BeforeEach
  void makeDirectories() throws IOException {
    lower = Files.createDirectory(temp.resolve("lower"));
    checkpoint = Files.createDirectory(temp.resolve("checkpoint"));
  }

  /** Nests directories, each beside a file and before another directory, from the top down. */
  private static void nest(Path top, int levels) throws IOException {
    byte[] deep = "deep".getBytes(UTF_8);
    byte[] last = "last".getBytes(UTF_8);
    int directory = Syscalls.O_RDONLY | Syscalls.O_DIRECTORY;
    Fd at = Syscalls.open(top, directory);
    for (int i = 0; i < levels; i++) {
      try (Fd above = at) {
        Syscalls.mkdirat(above, last, 0755);
        Syscalls.mkdirat(above, deep, 0755);
        at = Syscalls.openat(above, deep, directory, 0);
      }
    }
    at.close();
  }

  private static void remove(Path tree) throws IOException {
    try (ScopedRoot root = ScopedRoot.open(tree)) {
      root.remove(BytePath.of("deep"));
    }
  }

  /** There and back again, with fewer descriptors than levels. */
  @Test
  void capture_walksThousandsOfNestedDirectories() throws Exception {
    try (TestOverlay source = TestOverlay.over(lower, temp.resolve("source"), "")) {
      nest(source.merged(), 3_000);
      Capture capture =
          source.capture(checkpoint.resolve("rootfs-diff.tar"), CaptureOptions.everything());
      assertThat(capture.entries()).isEqualTo(6_001);
      assertThat(Shell.in(checkpoint, "tar -tf rootfs-diff.tar | wc -l").strip()).isEqualTo("6001");
      remove(source.merged());
    }
  }

  @Test
  void capture_restoresAPathThatIsLongerThanAnySystemCallTakes() throws Exception {
    try (TestOverlay source = TestOverlay.over(lower, temp.resolve("source"), "");
        TestOverlay target = TestOverlay.over(lower, temp.resolve("target"), "")) {
      nest(source.merged(), 1_000);
      Path archive = checkpoint.resolve("rootfs-diff.tar");
      Capture capture = source.capture(archive, CaptureOptions.everything());
      target.restore(archive, capture);
      assertThat(TreeSnapshot.of(target.merged()).entries())
          .isEqualTo(TreeSnapshot.of(source.merged()).entries());
      remove(source.merged());
      remove(target.merged());
    }
  }

  @Test
  void capture_leavesNoArchiveOnAFullDisk() throws Exception {
    try (TestOverlay source = TestOverlay.over(lower, temp.resolve("source"), "");
        TestMount disk = TestMount.tmpfs(checkpoint)) {
      // Four mebibytes are all that is left.
      Shell.in(disk.path(), "mount -o remount,size=4M .");
      Shell.in(source.merged(), "head -c 20M /dev/urandom > large; echo x > small");
      try (ScopedRoot upper = ScopedRoot.openToRead(source.upper());
          ScopedRoot merged = ScopedRoot.open(source.merged())) {
        Path archive = disk.path().resolve("rootfs-diff.tar");
        assertThatIOException()
            .isThrownBy(() -> publish(upper, merged, archive))
            .withMessageContaining("No space left");
      }
      assertThat(entries(disk.path())).isZero();
    }
  }

  /** Of a disk whose end is gone. */
  @Test
  void capture_leavesNoArchiveWhereAFileCannotBeRead() throws Exception {
    Shell.in(
        temp,
        """
        mkdir content disk; head -c 5M /dev/urandom > content/file; truncate -s 8M image
        mkfs.ext4 -q -d content image; mount -o loop image disk; truncate -s 3M image
        """);
    try (ScopedRoot disk = ScopedRoot.open(temp.resolve("disk"))) {
      assertThatExceptionOfType(CaptureException.class)
          .isThrownBy(() -> publish(disk, disk, checkpoint.resolve("rootfs-diff.tar")))
          .withMessageContaining("/file")
          .withMessageContaining("EIO");
      assertThat(entries(checkpoint)).isZero();
    } finally {
      Shell.in(temp, "umount -l disk");
    }
  }

  private static void publish(ScopedRoot upper, ScopedRoot merged, Path archive)
      throws IOException {
    try (PublishedFile out = PublishedFile.create(archive, 0600)) {
      RootfsDiff.capture(upper, merged, CaptureOptions.everything(), out.channel());
      out.publish();
    }
  }

  private static long entries(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.count();
    }
  }

  /** In a process of its own, that lacks a privilege. */
  @ParameterizedTest
  @CsvSource({
    "mknod, mknod dev c 1 3, mknodat",
    "sys_admin, : > x; setfattr -n trusted.x x, setxattr"
  })
  void apply_withoutAPrivilegeNamesTheEntry(String privilege, String script, String call)
      throws Exception {
    Shell.in(lower, script);
    Shell.in(temp, "tar -C lower -cf made.tar --xattrs --xattrs-include='*' .");
    Path target = Files.createDirectory(temp.resolve("target"));
    String command = "exec setpriv --bounding-set=-" + privilege + " --inh-caps=-" + privilege;
    Ran ran = bench(command, "apply", "-", target, temp.resolve("made.tar"));
    assertThat(ran.exit()).isNotZero();
    assertThat(ran.output())
        .contains("ApplyException: apply /", ", after 1 entries: ", call, "(2)", "EPERM");
    assertThat(target).isEmptyDirectory();
  }

  /** In a process of its own, whose limit can be lowered. */
  @Test
  void capture_leavesNoArchiveWithoutDescriptors() throws Exception {
    try (TestOverlay source = TestOverlay.over(lower, temp.resolve("source"), "")) {
      nest(source.merged(), 200);
      Path archive = checkpoint.resolve("rootfs-diff.tar");
      Ran ran = bench("ulimit -n 90; exec", "capture", source.upper(), source.merged(), archive);
      assertThat(ran.exit()).isNotZero();
      assertThat(ran.output()).contains("EMFILE");
      assertThat(entries(checkpoint)).isZero();
      remove(source.merged());
    }
  }

  private record Ran(int exit, String output) {}

  private static Ran bench(String prefix, Object... words) throws Exception {
    String java = prefix + " java -cp '" + System.getProperty("java.class.path") + "' ";
    Process process =
        new ProcessBuilder("bash", "-c", java + RootfsBench.class.getName())
            .redirectErrorStream(true)
            .start();
    try (var commands = process.outputWriter()) {
      commands.write(
          Stream.of(words).map(Object::toString).collect(Collectors.joining(" ")) + "\n");
    }
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Ran(process.waitFor(), output);
  }
}
