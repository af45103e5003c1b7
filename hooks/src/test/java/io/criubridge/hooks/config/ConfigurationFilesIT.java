// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.config;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.criubridge.core.sys.BytePath;
import io.criubridge.hooks.config.Configuration.Policy;
import io.criubridge.hooks.phase.Phase;
import io.criubridge.hooks.phase.Phase.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings of files, which must belong to root. */
@Tag("root")
class ConfigurationFilesIT {

  @TempDir Path temp;

  private Path write(String name, String text) throws IOException {
    Path file = temp.resolve(name);
    Files.write(file, text.getBytes(ISO_8859_1));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    return file;
  }

  private Configuration read(Map<String, String> environment) throws IOException {
    Map<String, String> all = new HashMap<>(Map.of("CRIU_BRIDGE_CONFIG", temp + "/node.yaml"));
    all.putAll(environment);
    return ConfigurationReader.read(Operation.DUMP, Optional.of(temp), all);
  }

  private Configuration read(String text) throws IOException {
    write("node.yaml", text);
    return read(Map.of());
  }

  @Test
  void read_everyKey() throws IOException {
    Configuration configuration =
        read(
            """
            # comment
            participation: never
            policy: "placeholder"
            exclude:
              - /a
              - "/b,c"
            control-dir: /run/control
            deadline: {post-dump: 30, abort: 5}
            map:
              /in: /out
              stdin: /dev/null
            external-netns: net
            netns: /run/netns/pod
            upperdir: /upper
            runtime-roots: /run/x
            root: /new
            existing: keep
            diff-limits: {entries: 3}
            criu-version: ignore
            """);
    assertThat(configuration)
        .isEqualTo(
            ConfigurationReader.read(
                Operation.DUMP,
                Optional.empty(),
                Map.ofEntries(
                    Map.entry("CRIU_BRIDGE_CONFIG", temp + "/none"),
                    Map.entry("CRIU_BRIDGE_PARTICIPATION", "never"),
                    Map.entry("CRIU_BRIDGE_POLICY", "placeholder"),
                    Map.entry("CRIU_BRIDGE_EXCLUDE", "/a,/b\\,c"),
                    Map.entry("CRIU_BRIDGE_CONTROL_DIR", "/run/control"),
                    Map.entry("CRIU_BRIDGE_DEADLINE", "post-dump=30,abort=5"),
                    Map.entry("CRIU_BRIDGE_MAP", "/in=/out,stdin=/dev/null"),
                    Map.entry("CRIU_BRIDGE_EXTERNAL_NETNS", "net"),
                    Map.entry("CRIU_BRIDGE_NETNS", "/run/netns/pod"),
                    Map.entry("CRIU_BRIDGE_UPPERDIR", "/upper"),
                    Map.entry("CRIU_BRIDGE_RUNTIME_ROOTS", "/run/x"),
                    Map.entry("CRIU_BRIDGE_ROOT", "/new"),
                    Map.entry("CRIU_BRIDGE_EXISTING", "keep"),
                    Map.entry("CRIU_BRIDGE_DIFF_LIMITS", "entries=3"),
                    Map.entry("CRIU_BRIDGE_CRIU_VERSION", "ignore"))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"map: {/in: /etc}", "netns: /proc/1/ns/net", "root: /", "diff-limits: {bytes: 1}"})
  void read_imageDirectoryAtRestore_doesNotNameThingsOfThisMachine(String line) throws IOException {
    write("node.yaml", "");
    write("criu-bridge.yaml", "existing: keep\n" + line + "\n");
    Map<String, String> environment = Map.of("CRIU_BRIDGE_CONFIG", temp + "/node.yaml");
    assertThatThrownBy(
            () -> ConfigurationReader.read(Operation.RESTORE, Optional.of(temp), environment))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("criu-bridge.yaml:2")
        .hasMessageContaining("CRIU_BRIDGE_");
    ConfigurationReader.read(Operation.DUMP, Optional.of(temp), environment);
  }

  @Test
  void read_nameWithAnEqualsSign_isPossibleInAFile() throws IOException {
    assertThat(read("map: {/in=side: /out}").mountMap())
        .containsOnly(Map.entry("/in=side", Path.of("/out")));
  }

  @Test
  void read_laterSourceReplacesAKeyWhole() throws IOException {
    write("node.yaml", "policy: placeholder\nexclude: [/node, /n2]\ndeadline: 9\n");
    write("criu-bridge.yaml", "exclude: /image\ndeadline: {post-dump: 3}\n");
    Configuration configuration = read(Map.of("CRIU_BRIDGE_EXCLUDE", "/environment"));
    assertThat(configuration.policy()).isEqualTo(Policy.PLACEHOLDER);
    assertThat(configuration.exclusions()).containsExactly(BytePath.of("/environment"));
    assertThat(configuration.deadlines())
        .containsEntry(Phase.POST_DUMP, Duration.ofSeconds(3))
        .containsEntry(Phase.PRE_DUMP, ConfigurationReader.DEFAULT_DEADLINE);
    assertThat(read(Map.of()).exclusions()).containsExactly(BytePath.of("/image"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "# nothing\n", "---\n", "policy:\n", "exclude: []\n"})
  void read_fileThatSaysNothing_isTheDefault(String text) throws IOException {
    assertThat(read(text)).isEqualTo(read(""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'policy: minimal;polcy: x'        | 2: unknown key 'polcy'",
        "'# x;;policy: maximal'            | 3: 'maximal' is not one of",
        "'exclude:;  - /a;  - b'           | 3: 'b' is not an absolute path",
        "'map:;  /a: b'                    | 2: '/a=b' is not an absolute path of this machine",
        "'map: [/a]'                       | 1: 'map' takes 'name: value' lines",
        "'policy: [minimal]'               | 1: 'policy' takes one value",
        "'exclude: {a: b}'                 | 1: 'exclude' takes a list",
        "'exclude: [[/a]]'                 | 1: a plain value is expected",
        "'- policy'                        | 1: not a list of 'key: value'",
        "'policy: minimal;policy: minimal' | 2: 'policy' is there twice",
        "'map:;  /a: /b;  /a: /c'          | 3: '/a' is there twice",
        "'exclude: [/a;policy: minimal'    | 2: not YAML",
        "'exclude: \"/a'                   | not YAML",
        "'policy: \u00ff'                  | : not UTF-8",
        "'root: \"/a\\0b\"'                | 1: '/a",
      })
  void read_badFile_isNamedWithItsLine(String text, String message) {
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> read(text.replace(';', '\n')))
        .withMessageStartingWith(temp.resolve("node.yaml") + ":")
        .withMessageContaining(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-rw-r--", "rw-r--rw-"})
  void read_fileThatOthersMayWrite_isRefused(String permissions) throws IOException {
    Path file = write("criu-bridge.yaml", "policy: minimal\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    assertRefused("mode 6");
  }

  @Test
  void read_fileOfAnotherUser_isRefused() throws IOException {
    Files.setAttribute(write("criu-bridge.yaml", "policy: minimal\n"), "unix:uid", 65534);
    assertRefused("belongs to uid 65534");
  }

  @Test
  void read_hugeFile_isRefused() throws IOException {
    write("criu-bridge.yaml", "#".repeat((1 << 20) + 1));
    assertRefused("larger than 1048576 bytes");
  }

  private void assertRefused(String why) {
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> read(Map.of()))
        .withMessageContaining("criu-bridge.yaml: ")
        .withMessageContaining(why);
  }
}
