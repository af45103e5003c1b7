// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images;

import static org.assertj.core.api.Assertions.assertThat;

import io.criubridge.fixtures.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The recorded sets are what was recorded, and say where they come from. */
class RecordedSetsTest {
  private static final String PROVENANCE = "PROVENANCE.md";
  private static final String CHECKSUMS = "SHA256SUMS";
  private static final Pattern PROGRAM =
      Pattern.compile(
          "^Program: test-fixtures/(src/main/c/\\S+\\.c), SHA-256 ([0-9a-f]{64})$",
          Pattern.MULTILINE);

  static List<Path> sets() throws IOException {
    try (Stream<Path> places =
        Files.find(Fixtures.path("images"), 2, (path, of) -> of.isDirectory())) {
      return places.filter(place -> Files.exists(place.resolve(PROVENANCE))).sorted().toList();
    }
  }

  @Test
  void everyProgram_isRecordedByBothVersions() throws IOException {
    Map<String, List<String>> sets =
        sets().stream()
            .collect(
                Collectors.groupingBy(
                    set -> set.getParent().getFileName().toString(),
                    TreeMap::new,
                    Collectors.mapping(set -> set.getFileName().toString(), Collectors.toList())));
    assertThat(sets).containsOnlyKeys("4.1.1", "4.2.1");
    assertThat(sets.get("4.1.1"))
        .isEqualTo(sets.get("4.2.1"))
        .contains("menagerie", "kinds", "container", "incremental", "session", "streams");
  }

  @ParameterizedTest
  @MethodSource("sets")
  void checksums_areOfExactlyTheFilesThatAreThere(Path set) throws IOException {
    Map<String, String> there = new TreeMap<>();
    try (Stream<Path> files = Files.walk(set)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        there.put(set.relativize(file).toString(), sha256(file));
      }
    }
    there.keySet().removeAll(List.of(PROVENANCE, CHECKSUMS));
    Map<String, String> recorded =
        Files.readAllLines(set.resolve(CHECKSUMS)).stream()
            .map(line -> line.split(" {2}", 2))
            .collect(Collectors.toMap(parts -> parts[1], parts -> parts[0]));
    assertThat(recorded).isEqualTo(there);
  }

  @ParameterizedTest
  @MethodSource("sets")
  void provenance_namesVersionKernelProgramAndCommand(Path set) throws IOException {
    String text = Files.readString(set.resolve(PROVENANCE));
    String version = set.getParent().getFileName().toString();
    assertThat(text)
        .startsWith("# %s, CRIU %s\n".formatted(set.getFileName(), version))
        .containsPattern("(?m)^Recorded by scripts/record-fixtures on Linux \\d\\S+, x86_64\\.$")
        .containsPattern("(?m)^    criu (pre-)?dump -t \\d+ -D DIR --leave-running ");
    Matcher program = PROGRAM.matcher(text);
    assertThat(program.find()).as(text).isTrue();
    // A program that changes is recorded again.
    assertThat(sha256(Fixtures.path(program.group(1)))).isEqualTo(program.group(2));
  }

  private static String sha256(Path file) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(Files.readAllBytes(file)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
