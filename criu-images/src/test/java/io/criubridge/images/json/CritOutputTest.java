// SPDX-License-Identifier: Apache-2.0
package io.criubridge.images.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.criubridge.fixtures.Fixtures;
import io.criubridge.images.json.CritJson.Form;
import io.criubridge.images.json.CritJson.Payload;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What crit made of the recorded images, recorded by scripts/record-crit-json. */
class CritOutputTest {
  private static final String PRETTY = ".pretty.json";
  private static final String PLAIN = ".json";

  /** By crit 4.2. */
  static List<Path> recorded() throws IOException {
    return recorded("crit-json");
  }

  /** By crit 4.1, of images of CRIU 4.1: what is not as crit 4.2 has it. */
  static List<Path> recordedByCrit41() throws IOException {
    return recorded("crit-json-4.1");
  }

  private static List<Path> recorded(String place) throws IOException {
    try (Stream<Path> files = Files.walk(Fixtures.path(place))) {
      // crit takes the second segment for content of the first: see docs/crit-differences.md.
      return files
          .filter(file -> file.toString().endsWith(PLAIN))
          .filter(file -> !file.getFileName().toString().startsWith("ipcns-shm-"))
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("recorded")
  void image_becomesWhatCritMakesOfIt(Path json) throws IOException {
    assertThat(decode(json)).isEqualTo(Files.readString(json));
  }

  @ParameterizedTest
  @MethodSource({"recorded", "recordedByCrit41"})
  void jsonOfCrit_becomesTheImage(Path json) throws IOException {
    ByteArrayOutputStream image = new ByteArrayOutputStream();
    CritJson.encode(new ByteArrayInputStream(Files.readAllBytes(json)), json, image);
    assertThat(image.toByteArray()).isEqualTo(Files.readAllBytes(image(json)));
  }

  @ParameterizedTest
  @MethodSource("recordedByCrit41")
  void countsOfPages_haveAnotherNameInCrit41(Path json) throws IOException {
    assertThat(json.getFileName().toString()).startsWith("pagemap-");
    assertThat(decode(json).replace("\"compat_nr_pages\"", "\"nr_pages\""))
        .isEqualTo(Files.readString(json));
  }

  @Test
  void bothVersionsAndAllSets_areThere() throws IOException {
    assertThat(recorded())
        .extracting(file -> Fixtures.path("crit-json").relativize(file.getParent()).toString())
        .contains(
            "4.1.1/menagerie",
            "4.1.1/kinds",
            "4.1.1/container",
            "4.1.1/session",
            "4.1.1/streams",
            "4.2.1/menagerie",
            "4.2.1/kinds",
            "4.2.1/container",
            "4.2.1/session",
            "4.2.1/streams");
  }

  private static boolean isPretty(Path json) {
    return json.toString().endsWith(PRETTY);
  }

  private static String decode(Path json) throws IOException {
    ByteArrayOutputStream ours = new ByteArrayOutputStream();
    CritJson.decode(
        new ByteArrayInputStream(Files.readAllBytes(image(json))),
        image(json),
        ours,
        isPretty(json) ? Form.PRETTY : Form.PLAIN,
        Payload.WHOLE);
    return ours.toString(UTF_8);
  }

  /** The image of a JSON: by version, set and file. */
  private static Path image(Path json) {
    String inside = json.subpath(json.getNameCount() - 3, json.getNameCount()).toString();
    String suffix = isPretty(json) ? PRETTY : PLAIN;
    return Fixtures.path("images/" + inside.substring(0, inside.length() - suffix.length()));
  }
}
