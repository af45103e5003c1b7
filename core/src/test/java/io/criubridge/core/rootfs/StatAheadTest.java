// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criubridge.core.sys.ErrnoException;
import io.criubridge.core.sys.Fd;
import io.criubridge.core.sys.Syscalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatAheadTest {

  private static final int MANY = 1000;

  @TempDir Path temp;

  @Test
  void get_tellsEachNameItsOwn() throws IOException {
    List<byte[]> names = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      names.add(("f" + i).getBytes(UTF_8));
      if (i % 3 != 0) {
        Files.write(temp.resolve("f" + i), new byte[i]);
      }
    }
    try (StatAhead ahead = new StatAhead();
        Fd dir = open();
        StatAhead.Stats stats = ahead.begin(dir, names)) {
      for (int i = 0; i < MANY; i++) {
        if (i % 3 == 0) {
          assertThat(stats.get(i)).isEmpty();
        } else {
          assertThat(stats.get(i).orElseThrow().size()).isEqualTo(i);
        }
      }
    }
  }

  @Test
  void get_failsForTheNameThatCannotBeAskedFor() throws IOException {
    Files.writeString(temp.resolve("there"), "");
    List<byte[]> names = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      names.add((i == 500 ? "x".repeat(256) : "there").getBytes(UTF_8));
    }
    try (StatAhead ahead = new StatAhead();
        Fd dir = open();
        StatAhead.Stats stats = ahead.begin(dir, names)) {
      assertThat(stats.get(499)).isPresent();
      assertThatThrownBy(() -> stats.get(500))
          .isInstanceOf(ErrnoException.class)
          .hasMessageContaining("ENAMETOOLONG");
      assertThat(stats.get(501)).isPresent();
    }
  }

  private Fd open() throws IOException {
    return Syscalls.open(temp, Syscalls.O_RDONLY | Syscalls.O_DIRECTORY);
  }
}
