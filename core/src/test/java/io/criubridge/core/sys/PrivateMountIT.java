// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.sys;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateMountIT {

  private static final byte[] FILE = "file".getBytes(UTF_8);
  private static final int NULL_MAJOR = 1;
  private static final int NULL_MINOR = 3;

  @TempDir private Path temp;
  private Fd directory;

  @BeforeEach
  void openDirectory() throws IOException {
    directory = Syscalls.open(temp, Syscalls.O_PATH | Syscalls.O_DIRECTORY);
  }

  @AfterEach
  void closeDirectory() throws IOException {
    directory.close();
  }

  private static Fd openToRead(Fd dir) throws ErrnoException {
    return Syscalls.openat(dir, FILE, Syscalls.O_RDONLY | Syscalls.O_NONBLOCK, 0);
  }

  @Test
  void file_isTheSame() throws IOException {
    Files.writeString(temp.resolve("file"), "content");
    try (Fd mounted = PrivateMount.of(directory).orElseThrow();
        Fd here = openToRead(directory);
        Fd there = openToRead(mounted)) {
      FileStat same = Syscalls.fstat(there);
      assertThat(same.ino()).isEqualTo(Syscalls.fstat(here).ino());
      assertThat(same.device()).isEqualTo(Syscalls.fstat(here).device());
      assertThat(same.mountId()).isNotEqualTo(Syscalls.fstat(here).mountId());
      assertThat(there).hasToString(temp + "/file");
    }
  }

  @Test
  void device_isNotOpened() throws IOException {
    FileStat.Device nothing = new FileStat.Device(NULL_MAJOR, NULL_MINOR);
    Syscalls.mknodat(directory, FILE, FileType.CHARACTER_DEVICE, 0666, nothing);
    try (Fd mounted = PrivateMount.of(directory).orElseThrow()) {
      assertThatThrownBy(() -> openToRead(mounted))
          .isInstanceOfSatisfying(
              ErrnoException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EACCES));
    }
  }

  @Test
  void nothing_isWritten() throws IOException {
    try (Fd mounted = PrivateMount.of(directory).orElseThrow()) {
      assertThatThrownBy(() -> Syscalls.mkdirat(mounted, FILE, 0755)).hasMessageContaining("EROFS");
    }
  }

  @Test
  void timeOfAccess_staysAsItIs() throws IOException {
    Path file = Files.writeString(temp.resolve("file"), "content");
    FileTime longAgo = FileTime.fromMillis(1_000);
    Files.setAttribute(file, "lastAccessTime", longAgo);
    try (Fd mounted = PrivateMount.of(directory).orElseThrow();
        Fd readable = openToRead(mounted)) {
      assertThat(Syscalls.pread(readable, ByteBuffer.allocateDirect(16), 0)).isEqualTo(7);
    }
    assertThat(Files.getAttribute(file, "lastAccessTime")).isEqualTo(longAgo);
  }

  @Test
  void mountBelow_isNotSeen() throws IOException {
    try (TestMount below = TestMount.tmpfs(Files.createDirectory(temp.resolve("file")))) {
      Files.createFile(below.path().resolve("inside"));
      try (Fd mounted = PrivateMount.of(directory).orElseThrow();
          Fd under = openToRead(mounted)) {
        assertThat(DirectoryNames.list(under)).isEmpty();
      }
    }
  }

  @Test
  void unbindableMount_hasNone() throws IOException {
    try (TestMount mount = TestMount.tmpfs(Files.createDirectory(temp.resolve("mount")))) {
      Mounts.mount("", mount.path(), "", Mounts.MS_UNBINDABLE, "");
      Files.createFile(mount.path().resolve("file"));
      try (Fd unbindable = Syscalls.open(mount.path(), Syscalls.O_PATH);
          ScopedRoot root = ScopedRoot.openToRead(mount.path())) {
        assertThat(PrivateMount.of(unbindable)).isEmpty();
        assertThat(root.opensNoDevice()).isFalse();
        assertThat(root.stat(BytePath.of("/file"))).isPresent();
      }
    }
  }
}
