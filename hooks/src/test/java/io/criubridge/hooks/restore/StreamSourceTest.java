// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.restore;

import static org.assertj.core.api.Assertions.assertThat;

import io.criubridge.core.checkpoint.StreamRecord;
import io.criubridge.core.sys.Syscalls;
import io.criubridge.hooks.plan.Directive;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamSourceTest {

  @TempDir private Path temp;
  private Path file;
  private Path link;

  @BeforeEach
  void makeFiles() throws IOException {
    Path host = temp.toRealPath();
    file = Files.createFile(host.resolve("file"));
    // As the kernel calls a file that is deleted, and a container may call a link.
    link = Files.createSymbolicLink(host.resolve("out (deleted)"), file);
  }

  private static StreamSource source(Path recorded, Map<String, Path> mapped) {
    List<String> names = List.of("stdout");
    return StreamSource.of(new StreamRecord(names, "file[1:2]", recorded.toString(), 1, 0), mapped);
  }

  private static int flags(StreamSource source) {
    return ((Directive.InheritFile) source.directive()).flags();
  }

  @Test
  void recorded_mustBeTheRegularFileItWas() {
    assertThat(source(file, Map.of()).isThere()).isTrue();
    assertThat(source(link, Map.of()).isThere()).isFalse();
    assertThat(source(link, Map.of()).elsewhere()).contains(file);
    assertThat(source(Path.of("/dev/null"), Map.of()).isThere()).isFalse();
    assertThat(flags(source(file, Map.of()))).isEqualTo(1 | Syscalls.O_NOFOLLOW);
  }

  @Test
  void mapped_mayBeWhatThePersonLikes() {
    for (Path path : List.of(file, link, Path.of("/dev/null"))) {
      StreamSource mapped = source(Path.of("/gone"), Map.of("stdout", path));
      assertThat(mapped.isThere()).isTrue();
      assertThat(flags(mapped)).isEqualTo(1);
    }
    assertThat(source(file, Map.of("stdout", temp)).isThere()).isFalse();
  }
}
