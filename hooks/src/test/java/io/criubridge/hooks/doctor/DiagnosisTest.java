// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.criubridge.core.sys.KernelFeature;
import io.criubridge.hooks.doctor.Finding.Level;
import io.criubridge.hooks.doctor.NodeFacts.ContainerRuntime;
import io.criubridge.hooks.doctor.NodeFacts.Criu;
import io.criubridge.hooks.doctor.NodeFacts.Hook;
import io.criubridge.hooks.doctor.NodeFacts.Outcome;
import io.criubridge.hooks.doctor.NodeFacts.Plugin;
import io.criubridge.hooks.doctor.NodeFacts.Space;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DiagnosisTest {
  private static final Path CRIU = Path.of("/usr/sbin/criu");
  private static final String LAUNCHER = "/usr/lib/criu-bridge/bin/criu-bridge-hook";
  private static final Set<String> EXPORTS =
      Set.of(
          "add_external",
          "print_on_level",
          "external_lookup_by_key",
          "add_skip_mount",
          "inherit_fd_add",
          "add_script");

  private NodeFacts.User user = NodeFacts.User.ROOT;
  private final Set<KernelFeature> features = EnumSet.allOf(KernelFeature.class);
  private boolean overlay = true;
  private boolean breakpoints = true;
  private Optional<Criu> criu = Optional.of(criu("4.1.1", EXPORTS, 0));
  private Plugin.Build plugin = Plugin.Build.OURS;
  private Hook hook = hook(List.of(LAUNCHER), List.of());
  private String settings = "";
  private ContainerRuntime runtime =
      new ContainerRuntime(
          "runc", Path.of("/usr/sbin/runc"), ContainerRuntime.Reach.REACHABLE, "1");
  private long free = 1L << 40;
  private NodeFacts.Java java = java(true, 25, true);

  private static Criu criu(String version, Set<String> exports, int check) {
    return new Criu(CRIU, version, exports, new Outcome(check, "as criu says"));
  }

  private static Hook hook(List<String> launchers, List<String> missing) {
    return new Hook(Path.of("/etc/criu/runc.conf"), launchers, missing);
  }

  private static NodeFacts.Java java(boolean runnable, int feature, boolean prepared) {
    return new NodeFacts.Java("/java", runnable, feature, prepared, Path.of("/x/prepare"));
  }

  private List<Finding> findings() {
    return Diagnosis.of(
        new NodeFacts(
            user,
            "6.1",
            features,
            overlay,
            breakpoints,
            criu,
            new Plugin(Path.of("/usr/lib/criu/criu_bridge.so"), plugin),
            hook,
            settings,
            List.of(runtime),
            List.of(new Space(Path.of("/images"), free)),
            java));
  }

  private void assertOnly(Level level, String subject, String... words) {
    List<Finding> wrong =
        findings().stream().filter(finding -> finding.level() != Level.OK).toList();
    assertThat(wrong).hasSize(1);
    assertThat(wrong.get(0).level()).isEqualTo(level);
    assertThat(wrong.get(0).subject()).isEqualTo(subject);
    assertThat(wrong.get(0).remedy()).isNotEmpty();
    assertThat(wrong.get(0).says() + " " + wrong.get(0).remedy()).contains(words);
  }

  @Test
  void goodMachine_isFoundGood() {
    assertThat(findings()).allMatch(finding -> finding.level() == Level.OK);
  }

  @Test
  void otherUser_fails() {
    user = NodeFacts.User.OTHER;
    assertOnly(Level.FAIL, "user", "run as root");
  }

  @ParameterizedTest
  @EnumSource(KernelFeature.class)
  void missingCall_isNamedWithTheKernelThatHasIt(KernelFeature feature) {
    features.remove(feature);
    Level level = feature == KernelFeature.PIDFD ? Level.FAIL : Level.WARN;
    assertOnly(level, feature.call(), feature.since());
  }

  @Test
  void noOverlay_warns() {
    overlay = false;
    assertOnly(Level.WARN, "overlay", "modprobe");
  }

  @Test
  void breakpointsPassedOver_warns() {
    breakpoints = false;
    assertOnly(Level.WARN, "breakpoints", "CRIU_FAULT=130");
  }

  @Test
  void noCriu_fails() {
    criu = Optional.empty();
    assertOnly(Level.FAIL, "criu", "install CRIU 4");
  }

  @Test
  void oldCriu_fails() {
    criu = Optional.of(criu("3.17.1", EXPORTS, 0));
    assertOnly(Level.FAIL, "criu", "3.17.1", "4");
  }

  @Test
  void criuThatDoesNotStart_fails() {
    criu = Optional.of(criu("says no version: Segmentation fault", EXPORTS, 0));
    assertOnly(Level.FAIL, "criu", "Segmentation fault");
  }

  @Test
  void failingCheck_isTold() {
    criu = Optional.of(criu("4.1.1", EXPORTS, 1));
    assertOnly(Level.FAIL, "criu check", "as criu says");
  }

  @Test
  void strippedSymbols_areNamed() {
    criu = Optional.of(criu("4.1.1", Set.of(), 0));
    assertOnly(Level.WARN, "criu symbols", "add_external, print_on_level");
  }

  @Test
  void someSymbolsMissing_areNamed() {
    criu = Optional.of(criu("4.1.1", Set.of("add_external", "print_on_level"), 0));
    assertOnly(Level.WARN, "criu symbols", "add_skip_mount");
  }

  @Test
  void pluginOfAnotherVersion_fails() {
    plugin = Plugin.Build.OTHER;
    assertOnly(Level.FAIL, "plugin", "criu-bridge install");
  }

  @Test
  void noPlugin_warns() {
    plugin = Plugin.Build.ABSENT;
    assertOnly(Level.WARN, "plugin", "criu-bridge install");
  }

  @Test
  void noHook_warns() {
    hook = hook(List.of(), List.of());
    assertOnly(Level.WARN, "runc.conf", "criu-bridge install");
  }

  @Test
  void hookThatIsGone_fails() {
    hook = hook(List.of(LAUNCHER), List.of(LAUNCHER));
    assertOnly(Level.FAIL, "runc.conf", LAUNCHER);
  }

  @Test
  void twoHooks_fail() {
    hook = hook(List.of(LAUNCHER, "/opt/criu-bridge-hook"), List.of());
    assertOnly(Level.FAIL, "runc.conf", "keep one");
  }

  @Test
  void refusedSettings_areQuoted() {
    settings = "config.yaml:3: unknown key";
    assertOnly(Level.FAIL, "settings", "config.yaml:3");
  }

  @Test
  void deadSocket_warns() {
    runtime =
        new ContainerRuntime(
            "containerd",
            Path.of("/run/c.sock"),
            ContainerRuntime.Reach.UNREACHABLE,
            "Connection refused");
    assertOnly(Level.WARN, "containerd", "/run/c.sock", "Connection refused");
  }

  @Test
  void absentRuntime_isFine() {
    runtime = new ContainerRuntime("cri-o", Path.of("/x"), ContainerRuntime.Reach.ABSENT, "");
    assertThat(findings()).allMatch(finding -> finding.level() == Level.OK);
  }

  @Test
  void littleSpace_warns_andNoneFails() {
    free = 100 << 20;
    assertOnly(Level.WARN, "space /images", "100 MiB");
    free = 1 << 20;
    assertOnly(Level.FAIL, "space /images", "1 MiB");
  }

  @Test
  void javaThatIsGone_fails() {
    java = java(false, 25, true);
    assertOnly(Level.FAIL, "java", "/x/prepare");
  }

  @Test
  void unpreparedStart_warns() {
    java = java(true, 25, false);
    assertOnly(Level.WARN, "java", "/x/prepare");
  }
}
