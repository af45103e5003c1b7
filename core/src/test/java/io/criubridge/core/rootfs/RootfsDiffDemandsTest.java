// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The tables of docs/rootfs-diff.md name tests that are there. */
class RootfsDiffDemandsTest {

  private static final Path PROJECT = Path.of("").toAbsolutePath().getParent();
  private static final Pattern TEST = Pattern.compile("`([A-Z]\\w+)\\.(\\w+)`");

  @Test
  void tables_nameTestsThatAreThere() throws IOException {
    Map<String, String> sources = new HashMap<>();
    for (String module : List.of("core", "hooks")) {
      try (Stream<Path> files = Files.walk(PROJECT.resolve(module).resolve("src/test/java"))) {
        for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
          String name = file.getFileName().toString().replace(".java", "");
          sources.put(name, Files.readString(file));
        }
      }
    }
    Matcher named = TEST.matcher(Files.readString(PROJECT.resolve("docs/rootfs-diff.md")));
    while (named.find()) {
      String source = sources.getOrDefault(named.group(1), "");
      assertThat(source.contains("void " + named.group(2) + "(")).as(named.group()).isTrue();
    }
  }
}
