// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.memory;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.criubridge.fixtures.Fixtures;
import io.criubridge.images.ImageSet;
import io.criubridge.images.files.OpenFiles;
import java.io.IOException;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two pre-dumps and a dump of increments.c, as CRIU recorded them. */
class RecordedIncrementsTest {
  private static final Pattern PAGE =
      Pattern.compile("(private|shared) page (\\d+) of round (\\d)\0[^a-z]*");
  private static final int PAGES = 32;
  private static final int PAGE_BYTES = 4096;

  @ParameterizedTest
  @ValueSource(strings = {"4.1.1", "4.2.1"})
  void page_isThatOfTheLastDumpWhichHasIt(String version) throws IOException {
    TreeMap<String, Integer> rounds = new TreeMap<>();
    memory(version)
        .copy(
            MemoryMap.Range.ALL,
            (address, bytes) -> {
              String text = ISO_8859_1.decode(bytes.duplicate()).toString();
              for (int at = 0; at < text.length(); at += PAGE_BYTES) {
                Matcher page = PAGE.matcher(text.substring(at, at + PAGE_BYTES));
                if (page.matches()) {
                  rounds.put(page.group(1) + page.group(2), Integer.valueOf(page.group(3)));
                }
              }
            });
    assertThat(rounds).hasSize(2 * PAGES);
    for (int i = 0; i < PAGES; i++) {
      int round = i % 4 == 3 ? 0 : i % 4;
      assertThat(rounds).containsEntry("private" + i, round).containsEntry("shared" + i, round);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"4.1.1", "4.2.1"})
  void unchangedPages_areInAnEarlierDump(String version) throws IOException {
    assertThat(memory(version).pages())
        .filteredOn(area -> area.resident() == PAGES * PAGE_BYTES)
        .filteredOn(area -> area.area().isPrivate())
        .singleElement()
        .satisfies(
            area -> {
              assertThat(area.dumped()).isEqualTo(PAGES / 4 * PAGE_BYTES);
              assertThat(area.inherited()).isEqualTo(3 * PAGES / 4 * PAGE_BYTES);
            });
  }

  private static ProcessMemory memory(String version) throws IOException {
    ImageSet set = new ImageSet(Fixtures.images(version + "/incremental"));
    return ProcessMemory.of(set, OpenFiles.read(set), set.processes().get(0).pid());
  }
}
