// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.criubridge.core.container.RpcDeadlines;
import io.criubridge.core.container.RuntimeType;
import io.criubridge.core.rootfs.ArchiveLimits;
import io.criubridge.core.rootfs.Existing;
import io.criubridge.core.sys.BytePath;
import io.criubridge.hooks.config.Configuration.CriuVersionCheck;
import io.criubridge.hooks.config.Configuration.Participation;
import io.criubridge.hooks.config.Configuration.Policy;
import io.criubridge.hooks.config.Configuration.TwoPass;
import io.criubridge.hooks.config.RuntimeSettings.Source;
import io.criubridge.hooks.phase.Phase;
import io.criubridge.hooks.phase.Phase.Operation;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings of the environment; files need root, see {@link ConfigurationFilesIT}. */
class ConfigurationReaderTest {

  @TempDir Path temp;

  private Configuration read(Map<String, String> environment) throws IOException {
    Map<String, String> all = new HashMap<>(Map.of("CRIU_BRIDGE_CONFIG", temp + "/none"));
    all.putAll(environment);
    return ConfigurationReader.read(Operation.DUMP, Optional.of(temp), all);
  }

  @Test
  void read_nothingSet_hasDefaults() throws IOException {
    Configuration configuration = read(Map.of("PATH", "/bin", "CRTOOLS_INIT_PID", "1"));
    assertThat(configuration.participation()).isEqualTo(Participation.AUTO);
    assertThat(configuration.policy()).isEqualTo(Policy.MINIMAL);
    assertThat(configuration.existing()).isEqualTo(Existing.REPLACE);
    assertThat(configuration.diffLimits()).isEqualTo(ArchiveLimits.DEFAULT);
    assertThat(configuration.criuVersion()).isEqualTo(CriuVersionCheck.CHECK);
    assertThat(configuration.twoPass()).isEqualTo(TwoPass.AUTO);
    assertThat(configuration.deadlines())
        .hasSize(Phase.values().length)
        .containsValue(Duration.ofSeconds(120));
    assertThat(configuration.exclusions()).isEmpty();
    assertThat(configuration.mountMap()).isEmpty();
    assertThat(configuration.runtimeRoots()).isEmpty();
    assertThat(configuration.root()).isEmpty();
    assertThat(configuration.netns()).isEmpty();
    assertThat(configuration.externalNetns()).isEmpty();
    assertThat(configuration.controlDirectory()).isEmpty();
    assertThat(configuration.upperDirectory()).isEmpty();
    assertThat(configuration.runtime())
        .isEqualTo(
            new RuntimeSettings(Source.AUTO, Optional.empty(), "k8s.io", RpcDeadlines.DEFAULT));
    assertThat(configuration.runtime().socketOf(RuntimeType.CONTAINERD))
        .isEqualTo(Path.of("/run/containerd/containerd.sock"));
  }

  @ParameterizedTest
  @CsvSource({
    "entries=5, 5, 1099511627776",
    "bytes=6, 20000000, 6",
    "'bytes=6,entries=5', 5, 6",
  })
  void read_limitsOfTheDiff(String text, long entries, long bytes) throws IOException {
    assertThat(read(Map.of("CRIU_BRIDGE_DIFF_LIMITS", text)).diffLimits())
        .isEqualTo(new ArchiveLimits(entries, bytes));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"5", "entries=0", "bytes=-1", "bytes=1T", "bytes=9999999999999999999", "x=1"})
  void read_limitsOfTheDiff_thatAreNone_areRefused(String text) {
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> read(Map.of("CRIU_BRIDGE_DIFF_LIMITS", text)))
        .withMessageContaining("CRIU_BRIDGE_DIFF_LIMITS");
  }

  @Test
  void read_settingsOfTheRuntime() throws IOException {
    RuntimeSettings runtime =
        read(Map.of(
                "CRIU_BRIDGE_RUNTIME", "crio",
                "CRIU_BRIDGE_RUNTIME_SOCKET", "/run/k3s/containerd/containerd.sock",
                "CRIU_BRIDGE_RUNTIME_NAMESPACE", "moby",
                "CRIU_BRIDGE_RUNTIME_DEADLINE", "connect=1,call=3"))
            .runtime();
    assertThat(runtime.source().named()).hasValue(RuntimeType.CRIO);
    assertThat(runtime.socketOf(RuntimeType.CRIO))
        .isEqualTo(Path.of("/run/k3s/containerd/containerd.sock"));
    assertThat(runtime.namespace()).isEqualTo("moby");
    assertThat(runtime.deadlines())
        .isEqualTo(new RpcDeadlines(Duration.ofSeconds(1), Duration.ofSeconds(3)));
  }

  @Test
  void read_everyVariable() throws IOException {
    Configuration configuration =
        read(
            Map.ofEntries(
                Map.entry("CRIU_BRIDGE_PARTICIPATION", "containers"),
                Map.entry("CRIU_BRIDGE_POLICY", "placeholder"),
                Map.entry("CRIU_BRIDGE_EXCLUDE", "/a,/b\\,c,,/d/"),
                Map.entry("CRIU_BRIDGE_CONTROL_DIR", "/run/control"),
                Map.entry("CRIU_BRIDGE_DEADLINE", "post-dump=30,7"),
                Map.entry("CRIU_BRIDGE_MAP", "/in\\,side=/out=side,stdout=/log"),
                Map.entry("CRIU_BRIDGE_EXTERNAL_NETNS", "extNetNs"),
                Map.entry("CRIU_BRIDGE_NETNS", "/run/netns/pod"),
                Map.entry("CRIU_BRIDGE_UPPERDIR", "/upper"),
                Map.entry("CRIU_BRIDGE_RUNTIME_ROOTS", "/run/x,/run/y"),
                Map.entry("CRIU_BRIDGE_ROOT", "/new root"),
                Map.entry("CRIU_BRIDGE_EXISTING", "keep"),
                Map.entry("CRIU_BRIDGE_CAPTURE_TWO_PASS", "never"),
                Map.entry("CRIU_BRIDGE_CRIU_VERSION", "ignore")));
    assertThat(configuration.twoPass()).isEqualTo(TwoPass.NEVER);
    assertThat(configuration.participation()).isEqualTo(Participation.CONTAINERS);
    assertThat(configuration.policy()).isEqualTo(Policy.PLACEHOLDER);
    assertThat(configuration.exclusions())
        .containsExactly(BytePath.of("/a"), BytePath.of("/b,c"), BytePath.of("/d"));
    assertThat(configuration.controlDirectory()).hasValue(BytePath.of("/run/control"));
    assertThat(configuration.deadlines())
        .containsEntry(Phase.POST_DUMP, Duration.ofSeconds(30))
        .containsEntry(Phase.PRE_DUMP, Duration.ofSeconds(7));
    assertThat(configuration.mountMap())
        .containsOnly(
            Map.entry("/in,side", Path.of("/out=side")), Map.entry("stdout", Path.of("/log")));
    assertThat(configuration.externalNetns()).hasValue("extNetNs");
    assertThat(configuration.netns()).hasValue(Path.of("/run/netns/pod"));
    assertThat(configuration.upperDirectory()).hasValue(Path.of("/upper"));
    assertThat(configuration.runtimeRoots()).containsExactly(Path.of("/run/x"), Path.of("/run/y"));
    assertThat(configuration.root()).hasValue(Path.of("/new root"));
    assertThat(configuration.existing()).isEqualTo(Existing.KEEP);
    assertThat(configuration.criuVersion()).isEqualTo(CriuVersionCheck.IGNORE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CRIU_BRIDGE_RUN_DIR",
        "CRIU_BRIDGE_JAVA",
        "CRIU_BRIDGE_HOOK",
        "CRIU_BRIDGE_WORKER_DIR",
        "CRIU_BRIDGE_CRIU",
        "CRIU_BRIDGE_ABORTED_PHASE",
        "CRIU_BRIDGE_TRACE",
      })
  void read_variablesOfThePrograms_areNoSettings(String name) throws IOException {
    assertThat(read(Map.of(name, "x"))).isEqualTo(read(Map.of()));
  }

  @Test
  void read_emptyValue_isTheDefault() throws IOException {
    assertThat(
            read(Map.of("CRIU_BRIDGE_POLICY", "", "CRIU_BRIDGE_ROOT", "", "CRIU_BRIDGE_MAP", "")))
        .isEqualTo(read(Map.of()));
  }

  @Test
  void read_unknownVariable_isNamed() {
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> read(Map.of("CRIU_BRIDGE_POLICE", "minimal")))
        .withMessage("environment variable CRIU_BRIDGE_POLICE: no such setting");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "CRIU_BRIDGE_POLICY        | Minimal      | one of minimal, placeholder",
        "CRIU_BRIDGE_EXISTING      | overwrite    | one of keep, replace",
        "CRIU_BRIDGE_EXCLUDE       | /a,b         | an absolute path in the container",
        "CRIU_BRIDGE_EXCLUDE       | /a/../b      | a path without '..'",
        "CRIU_BRIDGE_CONTROL_DIR   | //           | a path below the container's root",
        "CRIU_BRIDGE_MAP           | /a           | of the form /in/container=/on/host",
        "CRIU_BRIDGE_MAP           | =/a          | of the form /in/container=/on/host",
        "CRIU_BRIDGE_MAP           | a=/b         | an absolute path in the container",
        "CRIU_BRIDGE_MAP           | /a=b         | an absolute path of this machine",
        "CRIU_BRIDGE_ROOT          | relative     | an absolute path of this machine",
        "CRIU_BRIDGE_RUNTIME_ROOTS | /a,b         | an absolute path of this machine",
        "CRIU_BRIDGE_DEADLINE      | 0            | a number of seconds from 1 to 86400",
        "CRIU_BRIDGE_DEADLINE      | 1.5          | a number of seconds from 1 to 86400",
        "CRIU_BRIDGE_DEADLINE      | post-dump=x  | a number of seconds from 1 to 86400",
        "CRIU_BRIDGE_DEADLINE      | post-drop=1  | for a known phase",
        "CRIU_BRIDGE_RUNTIME       | docker       | one of auto, containerd, crio, files",
        "CRIU_BRIDGE_RUNTIME_SOCKET | unix:///a   | an absolute path of this machine",
        "CRIU_BRIDGE_RUNTIME_NAMESPACE | a/b      | a namespace of containerd",
        "CRIU_BRIDGE_RUNTIME_DEADLINE | dial=1    | for connect or call",
        "CRIU_BRIDGE_RUNTIME_DEADLINE | call=0    | a number of seconds from 1 to 86400",
      })
  void read_badValue_namesVariableAndWhatIsExpected(String name, String value, String expected) {
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> read(Map.of(name, value)))
        .withMessageStartingWith("environment variable " + name + ": '")
        .withMessageEndingWith("' is not " + expected);
  }

  @Test
  void read_hostPathThatIsNoText_isRefused() {
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> read(Map.of("CRIU_BRIDGE_ROOT", "/a\0b")))
        .withMessageContaining("a path of this machine");
  }
}
