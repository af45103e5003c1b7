// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.criubridge.core.sys.BytePath;
import io.criubridge.core.sys.Fd;
import io.criubridge.core.sys.FileStat;
import io.criubridge.core.sys.ScopedRoot;
import io.criubridge.core.sys.Syscalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A file of the upper directory that is something else by the time it is opened. */
class WalkEntryIT {

  private static final byte[] NAME = "file".getBytes(UTF_8);

  @TempDir private Path temp;

  /**
   * Runs a script between the walk's look at the file and its opening.
   *
   * @return the file's content; absent if it was not opened
   */
  private Optional<String> content(boolean byPrivateMount, String script) throws Exception {
    Shell.in(temp, "echo mine > file; echo other > other");
    try (ScopedRoot upper = byPrivateMount ? ScopedRoot.openToRead(temp) : ScopedRoot.open(temp);
        WalkDirectory directory = directory(upper)) {
      assertThat(upper.opensNoDevice()).isEqualTo(byPrivateMount);
      FileStat stat = Syscalls.fstatat(directory.merged(), NAME);
      Shell.in(temp, script);
      DiffPlace place = DiffPlace.ROOT.child(NAME);
      Optional<FileContent> found = new WalkEntry(directory, place, stat, null).openUpper();
      return found.isEmpty() ? Optional.empty() : Optional.of(text(found.get(), stat));
    }
  }

  private WalkDirectory directory(ScopedRoot upper) throws IOException {
    try (ScopedRoot merged = ScopedRoot.open(temp)) {
      Fd inMerged = WalkStack.readable(merged, BytePath.ROOT);
      Fd inUpper = WalkStack.readable(upper, BytePath.ROOT);
      return WalkDirectory.of(DiffPlace.ROOT, inMerged, inUpper, upper.opensNoDevice());
    }
  }

  private static String text(FileContent found, FileStat stat) throws IOException {
    try (FileContent content = found) {
      ByteBuffer buffer = ByteBuffer.allocateDirect((int) stat.size());
      content.read(buffer, 0);
      content.checkUnchanged();
      return UTF_8.decode(buffer.flip()).toString();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void sameFile_isOpened(boolean byPrivateMount) throws Exception {
    assertThat(content(byPrivateMount, "true")).contains("mine\n");
  }

  @ParameterizedTest
  @Timeout(20)
  @CsvSource({
    "true, rm file",
    "true, rm file; mkfifo file",
    "true, rm file; mknod file c 1 3",
    "true, rm file; ln -s other file",
    "true, mv other file",
    "true, echo more >> file",
    "true, chmod 600 file",
    "false, rm file",
    "false, rm file; mkfifo file",
    "false, rm file; mknod file c 1 3",
    "false, rm file; ln -s other file",
    "false, mv other file",
    "false, echo more >> file",
    "false, chmod 600 file"
  })
  void anotherFile_isNot(boolean byPrivateMount, String script) throws Exception {
    assertThat(content(byPrivateMount, script)).isEmpty();
  }
}
