// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.criubridge.hooks.phase.Phase.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationTemplateTest {

  private static List<String> keys(String text, String pattern) {
    return text.lines()
        .filter(line -> line.matches(pattern))
        .map(line -> line.replaceFirst("^#", "").replaceFirst(":.*", ""))
        .toList();
  }

  @Test
  void template_namesEveryKeyOnce() throws IOException {
    assertThat(keys(ConfigurationTemplate.text(), "#[a-z.-]+:( [^ ].*)?"))
        .containsExactlyElementsOf(Arrays.stream(Key.values()).map(Key::yamlName).toList());
  }

  @Test
  void template_setsNothing() throws IOException {
    assertThat(ConfigurationTemplate.text().lines())
        .allMatch(line -> line.isEmpty() || line.startsWith("#"));
  }

  @Test
  void examples_areAccepted(@TempDir Path directory) throws IOException {
    String examples =
        ConfigurationTemplate.text()
            .lines()
            .filter(line -> line.matches("#(  )?[a-z/-].*"))
            .map(line -> line.substring(1))
            .collect(Collectors.joining("\n"));
    Path file = directory.resolve("config.yaml");
    Files.writeString(file, examples);
    Configuration configuration =
        ConfigurationReader.read(
            Operation.DUMP, Optional.empty(), Map.of("CRIU_BRIDGE_CONFIG", file.toString()));
    assertThat(configuration.exclusions()).hasSize(1);
    assertThat(configuration.root()).contains(Path.of("/srv/target/rootfs"));
  }
}
