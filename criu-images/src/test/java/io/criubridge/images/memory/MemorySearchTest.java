// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.memory;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.protobuf.ByteString;
import io.criubridge.fixtures.Fixtures;
import io.criubridge.images.CheckpointedProcess;
import io.criubridge.images.ImageSet;
import io.criubridge.images.files.OpenFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Searches give the same whatever the pieces that the bytes come in. */
class MemorySearchTest {
  private static final String MARK = "CRIU-BRIDGE-WORKLOAD-COUNTER-01\n";

  @Test
  void pieces_doNotMatter() throws IOException {
    byte[] memory = new byte[300_000];
    Random random = new Random(7);
    random.nextBytes(memory);
    for (int at = 0; at < 5; at++) {
      System.arraycopy("needle".getBytes(ISO_8859_1), 0, memory, 65_533 + at * 50_000, 6);
    }
    for (BytePattern pattern :
        List.of(
            BytePattern.literal(ByteString.copyFromUtf8("needle")),
            BytePattern.regex("n[e]+dle|\\x00\\xff[a-z]+"),
            BytePattern.regex("(?s)needle.{100}"))) {
      List<String> whole = search(pattern, memory, memory.length);
      assertThat(whole).hasSizeGreaterThanOrEqualTo(5);
      for (int piece : new int[] {1, 4095, 4096, 65_536, 65_537, 262_144}) {
        assertThat(search(pattern, memory, piece)).isEqualTo(whole);
      }
    }
  }

  @Test
  void gap_endsAMatch() throws IOException {
    List<String> found = new ArrayList<>();
    MemorySearch search = search(BytePattern.regex("a+"), found);
    search.accept(0, ByteBuffer.wrap("aa".getBytes(ISO_8859_1)));
    search.accept(2, ByteBuffer.wrap("aa".getBytes(ISO_8859_1)));
    search.accept(8, ByteBuffer.wrap("aa".getBytes(ISO_8859_1)));
    search.finish();
    assertThat(found).containsExactly("0:aaaa", "8:aa");
  }

  @Test
  void longMatch_isCutOff() throws IOException {
    byte[] memory = "a".repeat(200_000).getBytes(ISO_8859_1);
    List<String> found = search(BytePattern.regex("a+"), memory, 1000);
    assertThat(found.get(0)).hasSize("0:".length() + BytePattern.LONGEST_MATCH);
    assertThat(String.join("", found).replaceAll("[^a]", "")).hasSize(200_000);
  }

  @Test
  void anchorsAndLookingBack_seeTheBytesBefore() throws IOException {
    byte[] memory = "xa".repeat(100_000).getBytes(ISO_8859_1);
    assertThat(search(BytePattern.regex("^xa"), memory, 4096)).containsExactly("0:xa");
    assertThat(search(BytePattern.regex("(?<!x)a"), memory, 4096)).isEmpty();
    assertThat(search(BytePattern.regex("(?<=x)a"), memory, 4096)).hasSize(100_000);
    assertThat(search(BytePattern.regex("z*"), memory, 4096)).isEmpty();
  }

  @Test
  void expression_isOverBytes() throws IOException {
    byte[] memory = {(byte) 0xc3, (byte) 0xa4, (byte) 0xff, 'A'};
    assertThat(search(BytePattern.regex("ä"), memory, 1)).hasSize(1);
    assertThat(search(BytePattern.regex("\\xff"), memory, 1)).hasSize(1);
    assertThat(search(BytePattern.regex("(?i)a"), memory, 1)).containsExactly("3:A");
  }

  @Test
  void escapes_areBytes() {
    assertThat(BytePattern.parseBytes("a\\x00\\xfF\\\\\\n\\0ä"))
        .isEqualTo(
            ByteString.copyFrom(
                new byte[] {'a', 0, (byte) 0xff, '\\', '\n', 0, (byte) 0xc3, (byte) 0xa4}));
    for (String wrong : List.of("\\", "\\x", "\\x1", "\\xzz", "\\q")) {
      assertThatIllegalArgumentException().isThrownBy(() -> BytePattern.parseBytes(wrong));
    }
    assertThatIllegalArgumentException().isThrownBy(() -> BytePattern.regex("("));
    assertThatIllegalArgumentException().isThrownBy(() -> BytePattern.literal(ByteString.EMPTY));
  }

  @ParameterizedTest
  @ValueSource(strings = {"4.1.1/container", "4.2.1/container"})
  void workloadsMark_isInTheSharedMemoryOfAll(String name) throws IOException {
    ImageSet set = new ImageSet(Fixtures.images(name));
    OpenFiles files = OpenFiles.read(set);
    for (CheckpointedProcess process : set.processes()) {
      ProcessMemory memory = ProcessMemory.of(set, files, process.pid());
      List<AreaKind> kinds = new ArrayList<>();
      MemorySearch search =
          new MemorySearch(
              BytePattern.literal(ByteString.copyFromUtf8(MARK)),
              (address, bytes) -> kinds.add(memory.map().at(address).orElseThrow().kind()));
      memory.copy(MemoryMap.Range.ALL, search);
      search.finish();
      assertThat(kinds).contains(AreaKind.MEMORY_FILE);
      assertThat(memory.arguments().orElseThrow())
          .containsExactly(ByteString.copyFromUtf8("/bin/workload"));
      assertThat(memory.environment().orElseThrow()).contains(ByteString.copyFromUtf8("PATH=/bin"));
    }
  }

  private static List<String> search(BytePattern pattern, byte[] memory, int piece)
      throws IOException {
    List<String> found = new ArrayList<>();
    MemorySearch search = search(pattern, found);
    for (int at = 0; at < memory.length; at += piece) {
      search.accept(at, ByteBuffer.wrap(memory, at, Math.min(piece, memory.length - at)));
    }
    search.finish();
    return found;
  }

  private static MemorySearch search(BytePattern pattern, List<String> found) {
    return new MemorySearch(
        pattern, (address, bytes) -> found.add(address + ":" + bytes.toString(ISO_8859_1)));
  }
}
