// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criubridge.core.sys.ErrnoException;
import io.criubridge.core.sys.FileStat;
import io.criubridge.core.sys.FileType;
import io.criubridge.core.sys.Syscalls;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LookAheadTest {

  private static final int MANY = 1000;

  @TempDir Path temp;

  /** A visitor as they are in a first pass, with the upper directory as the merged tree. */
  private record Visitor(boolean readsAll) implements DiffVisitor {
    @Override
    public void directory(WalkDirectory directory, @Nullable WalkDirectory above) {}

    @Override
    public void file(WalkEntry entry) {}

    @Override
    public boolean reads(FileStat stat) {
      return readsAll && stat.type() == FileType.REGULAR;
    }
  }

  private WalkDirectory open() throws IOException {
    int flags = Syscalls.O_RDONLY | Syscalls.O_DIRECTORY;
    return WalkDirectory.of(
        DiffPlace.ROOT, Syscalls.open(temp, flags), Syscalls.open(temp, flags), false);
  }

  private List<byte[]> twoOfThreeAreThere() throws IOException {
    List<byte[]> names = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      names.add(("f" + i).getBytes(UTF_8));
      if (i % 3 != 0) {
        Files.write(temp.resolve("f" + i), new byte[i]);
      }
    }
    return names;
  }

  @Test
  void stat_tellsEachNameItsOwn() throws IOException {
    List<byte[]> names = twoOfThreeAreThere();
    try (LookAhead ahead = new LookAhead(new Visitor(false));
        WalkDirectory directory = open();
        LookAhead.Names found = ahead.begin(directory, names)) {
      for (int i = 0; i < MANY; i++) {
        Optional<FileStat> stat = found.stat(i);
        if (i % 3 == 0) {
          assertThat(stat).isEmpty();
        } else {
          assertThat(stat.orElseThrow().size()).isEqualTo(i);
        }
        assertThat(found.content(i)).isEmpty();
      }
    }
  }

  @Test
  void stat_failsForTheNameThatCannotBeAskedFor() throws IOException {
    Files.writeString(temp.resolve("there"), "");
    List<byte[]> names = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      names.add((i == 500 ? "x".repeat(256) : "there").getBytes(UTF_8));
    }
    try (LookAhead ahead = new LookAhead(new Visitor(true));
        WalkDirectory directory = open();
        LookAhead.Names found = ahead.begin(directory, names)) {
      assertThat(found.stat(499)).isPresent();
      assertThatThrownBy(() -> found.stat(500))
          .isInstanceOf(ErrnoException.class)
          .hasMessageContaining("ENAMETOOLONG");
      assertThat(found.stat(501)).isPresent();
    }
  }

  @Test
  void content_isThatOfTheName() throws IOException {
    List<byte[]> names = twoOfThreeAreThere();
    Files.write(temp.resolve("f1"), new byte[] {42});
    try (LookAhead ahead = new LookAhead(new Visitor(true));
        WalkDirectory directory = open();
        LookAhead.Names found = ahead.begin(directory, names)) {
      for (int i = 0; i < MANY; i++) {
        boolean isThere = found.stat(i).isPresent();
        try (FileContent content = found.content(i).orElse(null)) {
          assertThat(content != null).isEqualTo(isThere);
          if (i == 1 && content != null) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(1);
            content.read(buffer, 0);
            assertThat(buffer.get(0)).isEqualTo((byte) 42);
          }
        }
      }
    }
  }

  @Test
  void content_ofFewFilesAtOnce_isOpen() throws Exception {
    List<byte[]> names = twoOfThreeAreThere();
    int before = descriptors();
    try (LookAhead ahead = new LookAhead(new Visitor(true));
        WalkDirectory directory = open()) {
      try (LookAhead.Names found = ahead.begin(directory, names)) {
        assertThat(found.stat(1)).isPresent();
        for (int i = 0; i < 20; i++) {
          assertThat(descriptors() - before).isLessThan(150);
          Thread.sleep(5);
        }
      }
      assertThat(descriptors() - before).as("what nobody asked for is closed").isLessThan(20);
    }
  }

  private static int descriptors() {
    String[] names = new File("/proc/self/fd").list();
    return names == null ? 0 : names.length;
  }
}
