// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.images;

import static org.assertj.core.api.Assertions.assertThat;

import io.criubridge.fixtures.Fixtures;
import io.criubridge.hooks.cli.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What {@code decode} and {@code encode} leave when they fail: their exit code and nothing else.
 */
class TranscodingFailureTest {
  private static final Path FILES = Fixtures.images("4.2.1/kinds").resolve("files.img");
  private static final String PRECIOUS = "was here before";

  @TempDir private Path place;

  /** With and without {@code --json}: small commands are run without the parser of options. */
  @ParameterizedTest
  @ValueSource(strings = {"", "--json"})
  void damagedImage_isRefusedWithItsPlace(String option) throws Exception {
    byte[] whole = Files.readAllBytes(FILES);
    Path cut = Files.write(place.resolve("files.img"), Arrays.copyOf(whole, whole.length - 1));
    Ran ran = failing(ExitCode.DATA, "decode", cut.toString(), option);
    assertThat(ran.err()).contains("files.img: byte ").doesNotContain("\tat ");
  }

  @Test
  void unknownImage_isRefused() throws Exception {
    Path other = Files.writeString(place.resolve("other.img"), "this is no image");
    assertThat(failing(ExitCode.DATA, "decode", other.toString()).err()).contains("byte ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "--json"})
  void damagedJson_isRefusedWithItsPlace(String option) throws Exception {
    Path json = place.resolve("files.json");
    assertThat(Ran.images("decode", FILES.toString(), "-o", json.toString()).exit()).isZero();
    String whole = Files.readString(json);
    Files.writeString(json, whole.substring(0, whole.length() - 3));
    Ran ran = failing(ExitCode.DATA, "encode", "-i", json.toString(), option);
    assertThat(ran.err()).contains("files.json: byte ").doesNotContain("\tat ");
  }

  @Test
  void missingInput_isAnInputError() throws Exception {
    String missing = place.resolve("missing.img").toString();
    assertThat(failing(ExitCode.IO, "decode", missing).err()).contains("missing.img");
    assertThat(failing(ExitCode.IO, "encode", "-i", missing).err()).contains("missing.img");
  }

  @Test
  void outputThatCannotBeMade_isAnOutputError() throws Exception {
    String nowhere = place.resolve("not/there").toString();
    assertThat(Ran.alone("decode", FILES.toString(), "-o", nowhere).exit()).isEqualTo(ExitCode.IO);
    assertThat(place).isEmptyDirectory();
  }

  @Test
  void wrongCommandLine_isAUsageError() throws Exception {
    failing(ExitCode.USAGE, "decode", FILES.toString(), "--prety");
    assertThat(Ran.alone("encode", "-i", FILES.toString()).exit()).isEqualTo(ExitCode.USAGE);
    assertThat(Ran.alone("decode", FILES.toString(), FILES.toString()).exit())
        .isEqualTo(ExitCode.USAGE);
  }

  /** Fails with a new output and with one that is there, and changes neither. */
  private Ran failing(int exit, String... arguments) throws Exception {
    Path existing = Files.writeString(place.resolve("existing"), PRECIOUS);
    long before = count();
    for (Path output : new Path[] {existing, place.resolve("new")}) {
      Ran ran =
          Ran.alone(
              Stream.concat(Stream.of(arguments), Stream.of("-o", output.toString()))
                  .filter(argument -> !argument.isEmpty())
                  .toArray(String[]::new));
      assertThat(ran.exit()).as(ran.err()).isEqualTo(exit);
      assertThat(ran.out()).isEmpty();
      assertThat(ran.err()).isNotBlank();
      assertThat(existing).hasContent(PRECIOUS);
      assertThat(count()).as("files in %s", place).isEqualTo(before);
      if (!output.equals(existing)) {
        return ran;
      }
    }
    throw new AssertionError("not reached");
  }

  private long count() throws IOException {
    try (Stream<Path> files = Files.list(place)) {
      return files.count();
    }
  }
}
