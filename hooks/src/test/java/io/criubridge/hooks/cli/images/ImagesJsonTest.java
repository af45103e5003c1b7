// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli.images;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.criubridge.fixtures.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What programs get. */
class ImagesJsonTest {
  private static final Path KINDS = Fixtures.images("4.2.1/kinds");
  private static final String FILES = KINDS.resolve("files.img").toString();

  @TempDir private Path place;

  @Test
  void everyCommand_hasJson() {
    Map<String, CommandLine> commands = new CommandLine(new Images()).getSubcommands();
    assertThat(commands)
        .hasSizeGreaterThan(8)
        .allSatisfy(
            (name, command) ->
                assertThat(command.getCommandSpec().findOption("--json")).as(name).isNotNull());
  }

  @Test
  void info_namesTheFileToo() {
    assertThat(Ran.images("info", FILES).out())
        .isEqualTo("{\n    \"magic\": \"FILES\",\n    \"count\": 26\n}\n");
    assertThat(Ran.images("info", FILES, "--json").json().getAsJsonObject())
        .isEqualTo(summary("FILES", 26, FILES));
  }

  @Test
  void decodeAndEncode_tellWhatTheyWrote() throws IOException {
    String pagemap = "pagemap-5136.img";
    String json = place.resolve("json").toString();
    String image = place.resolve(pagemap).toString();
    Ran decoded =
        Ran.images("decode", KINDS.resolve(pagemap).toString(), "-o", json, "--pretty", "--json");
    Ran encoded = Ran.images("encode", "-i", json, "-o", image, "--json");
    long count =
        Ran.images("info", image, "--json").json().getAsJsonObject().get("count").getAsLong();
    assertThat(decoded.json().getAsJsonObject()).isEqualTo(summary("PAGEMAP", count, json));
    assertThat(encoded.json().getAsJsonObject()).isEqualTo(summary("PAGEMAP", count, image));
    assertThat(Path.of(image)).hasSameBinaryContentAs(KINDS.resolve(pagemap));
  }

  @Test
  void standardOutput_isForOneOfTheTwo() throws IOException {
    Path json = Files.writeString(place.resolve("j"), "{\"magic\": \"FILES\", \"entries\": []}");
    assertThat(Ran.images("encode", "-i", json.toString(), "-o", "-", "--json").exit())
        .isEqualTo(CommandLine.ExitCode.USAGE);
  }

  @Test
  void show_hasTheNamesOfDecode() {
    Ran json = Ran.images("show", FILES, "--json");
    assertThat(json.out())
        .contains("\"family\": \"INET\"", "\"flags\": \"O_RDWR", "\"src_addr\": [")
        .contains("\"127.0.0.1\"");
    Ran text = Ran.images("show", FILES);
    assertThat(text.out())
        .contains("family: INET\n", "flags: O_RDWR", "src_addr: 127.0.0.1\n", "state: LISTEN\n")
        .contains("type: INETSK\n");
  }

  private static JsonObject summary(String magic, long count, String file) {
    JsonObject summary = new JsonObject();
    summary.addProperty("magic", magic);
    summary.addProperty("count", count);
    summary.addProperty("file", file);
    return summary;
  }
}
