// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.images;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.criubridge.fixtures.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code memory} finds, and what programs get of it. */
class MemoryCommandTest {
  private static final String CONTAINER = Fixtures.images("4.2.1/container").toString();

  @TempDir private Path place;

  @Test
  void map_isForProgramsWithItsAreas() {
    JsonArray areas = Ran.images("memory", CONTAINER, "1", "--json").json().getAsJsonArray();
    JsonObject shared = area(areas, "/dev/zero");
    assertThat(shared.get("dumped").getAsLong()).isEqualTo(4096);
    String address = shared.get("start").getAsString();
    assertThat(Ran.images("memory", CONTAINER, "1", "--json", "--vma", address).json())
        .isEqualTo(arrayOf(shared));
  }

  @Test
  void search_staysInItsArea() {
    String address = address("COUNTER-01");
    Ran all = Ran.images("memory", CONTAINER, "1", "--regex", "COUNTER-\\d+");
    assertThat(all.out()).isEqualTo(address + "  COUNTER-01  /dev/zero\n");
    for (String how : List.of("--search=COUNTER-01", "--regex=COUNTER-[0-9]{2}")) {
      Ran inside = Ran.images("memory", CONTAINER, "1", "--vma", address, how);
      assertThat(inside.exit()).isZero();
      assertThat(inside.out()).isEqualTo(all.out());
    }
    JsonArray areas = Ran.images("memory", CONTAINER, "1", "--json").json().getAsJsonArray();
    String stack = area(areas, "stack").get("start").getAsString();
    Ran outside = Ran.images("memory", CONTAINER, "1", "--vma", stack, "--search", "COUNTER-01");
    assertThat(outside).isEqualTo(new Ran(1, "", ""));
    Ran json = Ran.images("memory", CONTAINER, "1", "--vma", stack, "--search", "x-y", "--json");
    assertThat(json).isEqualTo(new Ran(1, "[]\n", ""));
  }

  @Test
  void writtenFile_isNamedWithItsSize() throws IOException {
    String area = place.resolve("area").toString();
    String address = address("COUNTER-01");
    JsonObject written =
        Ran.images("memory", CONTAINER, "1", "--vma", address, "-o", area, "--json")
            .json()
            .getAsJsonObject();
    assertThat(written.get("file").getAsString()).isEqualTo(area);
    assertThat(written.get("bytes").getAsLong()).isEqualTo(4096);
    String core = place.resolve("core").toString();
    written = Ran.images("memory", CONTAINER, "1", "-o", core, "--json").json().getAsJsonObject();
    assertThat(written.get("bytes").getAsLong()).isEqualTo(Files.size(Path.of(core)));
  }

  /**
   * Pages 3 and 4 were last written before the first dump, 5 before the second and 6 before the
   * third: each match begins at the end of one page and goes on in the next.
   */
  @ParameterizedTest
  @CsvSource({
    "4.1.1, 4, 0",
    "4.1.1, 5, 1",
    "4.1.1, 6, 2",
    "4.2.1, 4, 0",
    "4.2.1, 5, 1",
    "4.2.1, 6, 2",
  })
  void match_goesAcrossPagesOfDifferentDumps(String version, int page, int round) {
    String set = Fixtures.images(version + "/incremental").toString();
    String pid = Ran.images("x", set, "rss").lines().get(1).strip().split(" ")[0];
    String text = " page %d of round %d".formatted(page, round);
    String regex = "(?s)\\x00\\x00(private|shared)" + text;
    assertThat(Ran.images("memory", set, pid, "--regex", regex).lines())
        .hasSize(2)
        .allSatisfy(
            line -> assertThat(line).matches("[0-9a-f]+ffe  \\\\x00\\\\x00\\w+" + text + ".*"));
    assertThat(Ran.images("memory", set, pid, "--search", "\\0\\0private" + text).lines())
        .singleElement()
        .satisfies(line -> assertThat(line).contains("ffe  \\x00\\x00private" + text));
  }

  private static String address(String text) {
    return Ran.images("memory", CONTAINER, "1", "--search", text).out().split(" ")[0];
  }

  private static JsonObject area(JsonArray areas, String name) {
    return StreamSupport.stream(areas.spliterator(), false)
        .filter(area -> area.toString().contains("\"" + name + "\""))
        .findFirst()
        .orElseThrow()
        .getAsJsonObject();
  }

  private static JsonArray arrayOf(JsonElement element) {
    JsonArray array = new JsonArray();
    array.add(element);
    return array;
  }
}
