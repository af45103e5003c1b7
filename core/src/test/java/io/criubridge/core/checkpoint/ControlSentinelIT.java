// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.checkpoint;

import static io.criubridge.core.checkpoint.ControlSentinel.RESTORE_COMPLETE;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.Errno;
import io.criubridge.core.sys.ErrnoException;
import io.criubridge.core.sys.ScopedRoot;
import io.criubridge.core.sys.TestMount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("root")
class ControlSentinelIT {

  private static final BytePath CONTROL = BytePath.of("/var/run/control");

  @TempDir Path temp;
  private Path directory;
  private Path sentinel;
  private ScopedRoot root;

  @BeforeEach
  void open() throws IOException {
    Path container = temp.resolve("container");
    directory = Files.createDirectories(container.resolve("run/control"));
    sentinel = directory.resolve("restore-complete");
    Files.createDirectories(container.resolve("var"));
    // As most images have it.
    Files.createSymbolicLink(container.resolve("var/run"), Path.of("../run"));
    root = ScopedRoot.open(container);
  }

  @AfterEach
  void close() throws IOException {
    root.close();
  }

  @Test
  void write_realDirectory() throws IOException {
    ControlSentinel.write(root, CONTROL, RESTORE_COMPLETE);
    assertThat(sentinel).hasBinaryContent("done\n".getBytes(US_ASCII));
    assertThat(Files.getPosixFilePermissions(sentinel))
        .isEqualTo(PosixFilePermissions.fromString("rw-r--r--"));
    ControlSentinel.write(root, CONTROL, RESTORE_COMPLETE);
    assertThat(directory).isDirectoryContaining(sentinel::equals);
    try (var entries = Files.list(directory)) {
      assertThat(entries).containsExactly(sentinel);
    }
  }

  @Test
  void write_linkInItsPlace_isReplacedNotFollowed() throws IOException {
    Path victim = Files.writeString(temp.resolve("victim"), "untouched");
    Files.createSymbolicLink(sentinel, victim);
    ControlSentinel.write(root, CONTROL, RESTORE_COMPLETE);
    assertThat(victim).hasContent("untouched");
    assertThat(Files.isRegularFile(sentinel, LinkOption.NOFOLLOW_LINKS)).isTrue();
  }

  @Test
  void write_directoryIsALinkOutside_staysInTheContainer() throws IOException {
    Path outside = Files.createDirectory(temp.resolve("outside"));
    Files.delete(directory);
    Files.createSymbolicLink(directory, outside);
    assertErrno(Errno.ENOENT, () -> ControlSentinel.write(root, CONTROL, RESTORE_COMPLETE));
    assertThat(outside).isEmptyDirectory();
  }

  @Test
  void write_onAVolume() throws IOException {
    try (TestMount volume = TestMount.tmpfs(directory)) {
      ControlSentinel.write(root, CONTROL, RESTORE_COMPLETE);
      assertThat(volume.path().resolve("restore-complete")).hasContent("done");
    }
    assertThat(sentinel).doesNotExist();
  }

  @Test
  void write_noDirectory_isNamed() throws IOException {
    Files.delete(directory);
    assertErrno(Errno.ENOENT, () -> ControlSentinel.write(root, CONTROL, RESTORE_COMPLETE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "../x", "a/b"})
  void write_nameThatIsNone_isRefused(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ControlSentinel.write(root, CONTROL, name));
  }

  @Test
  void remove_earlierOne_alsoBehindALink() throws IOException {
    ControlSentinel.write(root, CONTROL, RESTORE_COMPLETE);
    assertThat(ControlSentinel.remove(root, CONTROL, RESTORE_COMPLETE)).isTrue();
    assertThat(sentinel).doesNotExist();
  }

  @Test
  void remove_nothingThere_isFine() throws IOException {
    assertThat(ControlSentinel.remove(root, CONTROL, RESTORE_COMPLETE)).isFalse();
    Files.delete(directory);
    assertThat(ControlSentinel.remove(root, CONTROL, RESTORE_COMPLETE)).isFalse();
    assertThat(directory).doesNotExist();
  }

  @Test
  void remove_linkInItsPlace_isRemovedNotFollowed() throws IOException {
    Path victim = Files.writeString(temp.resolve("victim"), "untouched");
    Files.createSymbolicLink(sentinel, victim);
    ControlSentinel.remove(root, CONTROL, RESTORE_COMPLETE);
    assertThat(Files.exists(sentinel, LinkOption.NOFOLLOW_LINKS)).isFalse();
    assertThat(victim).exists();
  }

  @Test
  void remove_directoryIsALinkOutside_removesNothingThere() throws IOException {
    Path outside = Files.createDirectory(temp.resolve("outside"));
    Path other = Files.createFile(outside.resolve("restore-complete"));
    Files.delete(directory);
    Files.createSymbolicLink(directory, outside);
    ControlSentinel.remove(root, CONTROL, RESTORE_COMPLETE);
    assertThat(other).exists();
  }

  @Test
  void remove_directoryInItsPlace_isRefused() throws IOException {
    Files.createDirectories(sentinel.resolve("kept"));
    assertErrno(Errno.EISDIR, () -> ControlSentinel.remove(root, CONTROL, RESTORE_COMPLETE));
    assertThat(sentinel.resolve("kept")).exists();
  }

  private static void assertErrno(int errno, ThrowingCallable call) {
    assertThatExceptionOfType(ErrnoException.class)
        .isThrownBy(call)
        .satisfies(e -> assertThat(e.errno()).as(e.getMessage()).isEqualTo(errno));
  }
}
