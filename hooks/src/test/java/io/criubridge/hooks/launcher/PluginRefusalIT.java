// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.criubridge.hooks.launcher.NativePrograms.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the plugin does not let CRIU do. */
@Tag("root")
@Tag("criu")
@Timeout(180)
final class PluginRefusalIT {
  private static final String CRIUS = "io.criubridge.hooks.launcher.CriuRun#crius";

  @TempDir static Path shared;
  private static NativePrograms programs;

  @TempDir Path directory;
  private CriuRun run;

  @BeforeAll
  static void build() throws Exception {
    programs = NativePrograms.build(shared.resolve("dist"));
  }

  @BeforeEach
  void begin() throws Exception {
    run = new CriuRun(programs, directory, directory.resolve("output"));
  }

  @AfterEach
  void end() throws Exception {
    run.close();
  }

  @ParameterizedTest
  @MethodSource(CRIUS)
  void refusedPlan_stopsTheDumpAndNotTheContainer(String criu) throws Exception {
    run.rawPlan("pre-dump", "criu-bridge-plan 1\nexternal mnt[/vol1]:v\n");
    Result dumped = run.dump(criu, programs.pluginDirectory(), run.actionScript());
    assertThat(dumped.exitCode()).isNotZero();
    assertThat(dumped.output())
        .contains("criu-bridge plugin: refused: the plan of this run: line 3: torn off");
    run.container().awaitCount(run.container().count() + 3);
  }

  @ParameterizedTest
  @MethodSource(CRIUS)
  void planAnyoneCanWrite_isRefused(String criu) throws Exception {
    run.script(
        "worker-pre-dump", "write plan criu-bridge-plan 1\\nend\\n", "mode-666 plan", "exit 0");
    Result dumped = run.dump(criu, programs.pluginDirectory(), run.actionScript());
    assertThat(dumped.exitCode()).isNotZero();
    assertThat(dumped.output()).contains("must be a regular file of root");
    run.container().awaitCount(run.container().count() + 3);
  }

  @ParameterizedTest
  @MethodSource(CRIUS)
  void dumpWithThePluginAlone_isWarnedOf(String criu) throws Exception {
    Result dumped = run.dump(criu, programs.pluginDirectory());
    assertThat(dumped.exitCode()).isNotZero(); // CRIU's own complaint about /vol1
    assertThat(dumped.output()).contains("criu-bridge plugin: no plan was made for this dump");
    run.container().awaitCount(run.container().count() + 3);
  }

  @ParameterizedTest
  @MethodSource(CRIUS)
  void restoreThatCannotBePlanned_isNotBegun(String criu) throws Exception {
    run.plan("pre-dump", run.dumpDirectives());
    run.script("worker-plan-restore", "say mount /vol1 has no source", "exit 65");
    assertThat(run.dump(criu, programs.pluginDirectory(), run.actionScript()))
        .returns(0, Result::exitCode);
    NativePrograms.write(run.images.resolve("manifest.yaml"), "criuBridge:");
    Result restored = run.restore(criu, programs.pluginDirectory(), Map.of());
    assertThat(restored.exitCode()).isNotZero();
    assertThat(restored.output())
        .contains("criu-bridge plan-restore: mount /vol1 has no source\n")
        .contains(
            "the restore was not planned, so it is not begun: criu-bridge plan-restore: mount");
    assertThat(run.phases()).endsWith("worker-plan-restore");
  }

  @ParameterizedTest
  @MethodSource(CRIUS)
  void restoreWithoutTheLauncher_isRefusedForImagesOfOurs(String criu) throws Exception {
    run.plan("pre-dump", run.dumpDirectives());
    assertThat(run.dump(criu, programs.pluginDirectory(), run.actionScript()))
        .returns(0, Result::exitCode);
    NativePrograms.write(run.images.resolve("manifest.yaml"), "criuBridge:");
    Path launcherless = Files.createDirectory(directory.resolve("launcherless"));
    Files.copy(
        programs.pluginDirectory().resolve("criu_bridge.so"),
        launcherless.resolve("criu_bridge.so"));
    Result restored = run.restore(criu, launcherless, Map.of());
    assertThat(restored.exitCode()).isNotZero();
    assertThat(restored.output()).contains("criu-bridge-hook is not found; set CRIU_BRIDGE_HOOK");
    Result named = run.restore(criu, launcherless, Map.of("CRIU_BRIDGE_HOOK", "/nowhere/hook"));
    assertThat(named.exitCode()).isNotZero();
    assertThat(named.output()).contains("CRIU_BRIDGE_HOOK=/nowhere/hook cannot be run");
  }
}
