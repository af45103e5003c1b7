// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.sys;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyscallsTest {

  @TempDir Path temp;

  private Fd openTemp() throws IOException {
    return Syscalls.open(temp, Syscalls.O_PATH | Syscalls.O_DIRECTORY);
  }

  @Test
  void failure_namesCallPathAndErrno() throws IOException {
    try (Fd dir = openTemp()) {
      assertThatExceptionOfType(ErrnoException.class)
          .isThrownBy(() -> Syscalls.openat(dir, "x\n".getBytes(UTF_8), Syscalls.O_RDONLY, 0))
          .withMessage("openat(2) " + temp + "/x\\x0a: ENOENT (No such file or directory)")
          .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.ENOENT));
    }
    assertThat(new ErrnoException("mount", 4_000, "/x")).hasMessage("mount(2) /x: errno 4000");
  }

  @Test
  void fstat_agreesWithTheJdk() throws IOException {
    Path file = Files.writeString(temp.resolve("file"), "content");
    Files.createLink(temp.resolve("second"), file);
    try (Fd dir = openTemp()) {
      FileStat stat = Syscalls.fstatat(dir, "file".getBytes(UTF_8));
      assertThat(stat.type()).isEqualTo(FileType.REGULAR);
      assertThat(stat.size()).isEqualTo(7);
      assertThat(stat.nlink()).isEqualTo(2);
      assertThat(stat.type().bits() | stat.mode()).isEqualTo(Files.getAttribute(file, "unix:mode"));
      assertThat(stat.ino()).isEqualTo(Files.getAttribute(file, "unix:ino"));
      assertThat(stat.uid())
          .isEqualTo(((Integer) Files.getAttribute(file, "unix:uid")).longValue());
      assertThat(stat.modified().seconds())
          .isEqualTo(Files.getLastModifiedTime(file).to(TimeUnit.SECONDS));
      assertThat(stat.mountId()).isEqualTo(FileStat.mountIdOf(dir));
    }
  }

  @Test
  void list_givesNamesAsBytes() throws IOException {
    byte[] odd = "a\u00ffb\n".getBytes(ISO_8859_1);
    try (Fd dir = openTemp()) {
      Syscalls.mkdirat(dir, odd, 0700);
      for (int i = 0; i < 3_000; i++) {
        Syscalls.symlinkat(odd, dir, ("link-with-a-rather-long-name-" + i).getBytes(UTF_8));
      }
      List<byte[]> names = DirectoryNames.list(dir);
      assertThat(names).hasSize(3_001);
      assertThat(names).anySatisfy(name -> assertThat(name).isEqualTo(odd));
      try (Fd link =
          Syscalls.openat(
              dir, "link-with-a-rather-long-name-7".getBytes(UTF_8), Syscalls.O_PATH, 0)) {
        assertThat(Syscalls.readlink(link)).isEqualTo(odd);
      }
    }
  }

  @Test
  void xattrs_ofAnyBytesAndLength() throws IOException {
    Files.createFile(temp.resolve("file"));
    byte[] value = new byte[2_000];
    value[7] = -1;
    try (Fd dir = openTemp();
        Fd file = Syscalls.openat(dir, "file".getBytes(UTF_8), Syscalls.O_PATH, 0)) {
      assertThat(Xattrs.read(file)).isEmpty();
      Xattrs.set(file, "user.\u00ff", value);
      Xattrs.set(file, "user.empty", new byte[0]);
      assertThat(Xattrs.names(file)).containsExactlyInAnyOrder("user.\u00ff", "user.empty");
      assertThat(Xattrs.read(file).get("user.\u00ff")).isEqualTo(value);
      Xattrs.remove(file, "user.empty");
      assertThat(Xattrs.get(file, "user.empty")).isEmpty();
    }
  }

  @Test
  void fd_isClosedOnceAndUnusableAfter() throws IOException {
    Fd dir = openTemp();
    Path procPath = dir.procPath();
    assertThat(Files.isSameFile(procPath, temp)).isTrue();
    dir.close();
    dir.close();
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> Syscalls.fstat(dir))
        .withMessageContaining(temp.toString());
  }

  @Test
  void pidFd_signalsAProcess() throws Exception {
    Process sleeper = new ProcessBuilder("sleep", "60").start();
    try (PidFd pidFd = PidFd.open((int) sleeper.pid())) {
      pidFd.signal(0);
      pidFd.signal(15);
      assertThat(sleeper.waitFor()).isEqualTo(128 + 15);
      assertThatExceptionOfType(ErrnoException.class)
          .isThrownBy(() -> pidFd.signal(0))
          .withMessageContaining("pid=" + sleeper.pid())
          .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.ESRCH));
    } finally {
      sleeper.destroyForcibly();
    }
  }

  @Test
  void readNames_nameWithASlash_isDamage() {
    byte[] entry = new byte[32];
    entry[ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? 16 : 17] = 32;
    System.arraycopy("../etc".getBytes(UTF_8), 0, entry, 19, 6);
    assertThatExceptionOfType(ErrnoException.class)
        .isThrownBy(() -> DirectoryNames.add("/dir", entry, entry.length, new ArrayList<>()))
        .withMessageContaining("EIO")
        .withMessageContaining("/dir");
  }
}
