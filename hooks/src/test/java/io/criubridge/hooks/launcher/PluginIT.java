// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.launcher;

import static io.criubridge.hooks.launcher.NativePrograms.sources;
import static org.assertj.core.api.Assertions.assertThat;

import io.criubridge.core.sys.Syscalls;
import io.criubridge.hooks.launcher.NativePrograms.Result;
import io.criubridge.hooks.launcher.RuncContainer.Mount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The plugin in real CRIUs, on a real container. */
@Tag("root")
@Tag("criu")
@Timeout(180)
final class PluginIT {
  private static final String CRIUS = "io.criubridge.hooks.launcher.CriuRun#crius";

  @TempDir static Path shared;
  private static NativePrograms programs;
  private static Path withoutAddExternal;
  private static Path withoutBreakpoints;

  @TempDir Path directory;
  private CriuRun run;

  @BeforeAll
  static void build() throws Exception {
    programs = NativePrograms.build(shared.resolve("dist"));
    withoutAddExternal = variant("fallback", "-DHIDE_ADD_EXTERNAL", sources("breakpoint"));
    Path passedOver = shared.resolve("passed-over.c");
    NativePrograms.write(
        passedOver, "#include \"breakpoint.h\"", "bool breakpoint_works(void) { return false; }");
    withoutBreakpoints = variant("breakpoints", passedOver.toString());
  }

  /** The plugin, compiled from its sources but for one, and from what is given. */
  private static Path variant(String name, String... given) throws Exception {
    Path plugins = Files.createDirectory(shared.resolve(name));
    NativePrograms.compile(
        plugins.resolve("criu_bridge.so"),
        "-fPIC -shared -fvisibility=hidden",
        sources("plugin", "plan", "launcher", "images", "criu_api", "run_dir", "criu", "file"),
        String.join(" ", given));
    return plugins;
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
  void dumpAndRestore_whereBreakpointsArePassedOver_doWithout(String criu) throws Exception {
    Path bare = directory.resolve("criu");
    NativePrograms.write(bare, "#!/bin/sh", "unset CRIU_FAULT", "exec " + criu + " \"$@\"");
    Files.setPosixFilePermissions(bare, PosixFilePermissions.fromString("rwx------"));
    run.plan("pre-dump", run.dumpDirectives());
    run.plan("plan-restore", run.restoreDirectives());
    Result dumped = run.dump(bare.toString(), withoutBreakpoints, run.actionScript());
    assertThat(dumped).returns(0, Result::exitCode);
    long before = run.container().count();
    NativePrograms.write(run.images.resolve("manifest.yaml"), "criuBridge:");
    Map<String, String> hook = Map.of("CRIU_BRIDGE_HOOK", programs.launcher().toString());
    Result restored = run.restore(bare.toString(), withoutBreakpoints, hook);
    assertThat(restored).returns(0, Result::exitCode);
    assertRestoredAndCounting(before);
    assertThat(dumped.output()).contains("told CRIU to do without");
    assertThat(restored.output()).contains("told CRIU to do without");
  }

  @ParameterizedTest
  @MethodSource(CRIUS)
  void dumpAndRestore_needNoExternalOption(String criu) throws Exception {
    List<String> directives = run.dumpDirectives();
    run.plan("pre-dump", directives);
    run.plan("plan-restore", run.restoreDirectives());
    int mounts = RuncContainer.mounts(run.container().pid()).size();
    Result dumped = run.dump(criu, programs.pluginDirectory(), run.actionScript());
    assertThat(dumped).returns(0, Result::exitCode);
    assertThat(run.applied().lines()).containsExactlyElementsOf(withWord("applied", directives));
    long before = run.container().count();

    NativePrograms.write(run.images.resolve("manifest.yaml"), "criuBridge:");
    Result restored = run.restore(criu, programs.pluginDirectory(), Map.of());
    assertThat(restored).returns(0, Result::exitCode);
    assertRestoredAndCounting(before);
    assertThat(RuncContainer.mounts(run.restoredPid())).hasSize(mounts);
    assertThat(run.phases())
        .containsExactly(
            "start",
            "worker-pre-dump",
            "worker-network-lock",
            "worker-post-dump",
            "start",
            "worker-plan-restore",
            "worker-pre-restore",
            "worker-post-restore",
            "worker-post-resume");
  }

  @ParameterizedTest
  @MethodSource(CRIUS)
  void stdoutOnAHostFile_isOpenedAsItWas(String criu) throws Exception {
    run.plan("pre-dump", run.dumpDirectives());
    run.plan("plan-restore", run.restoreDirectives());
    Path info = Path.of("/proc/" + run.container().pid() + "/fdinfo/1");
    List<String> before = Files.readAllLines(info).subList(0, 2);
    assertThat(run.dump(criu, programs.pluginDirectory(), run.actionScript()))
        .returns(0, Result::exitCode);
    Files.createFile(run.images.resolve("bridge-status.json"));
    assertThat(run.restore(criu, programs.pluginDirectory(), Map.of()))
        .returns(0, Result::exitCode);
    Path proc = Path.of("/proc/" + run.restoredPid());
    assertThat(Files.readAllLines(proc.resolve("fdinfo/1")).subList(0, 2)).isEqualTo(before);
    assertThat(proc.resolve("fd/1").toRealPath()).isEqualTo(run.container().output().toRealPath());
  }

  @ParameterizedTest
  @MethodSource(CRIUS)
  void stdoutToACharacterDevice_goesThere(String criu) throws Exception {
    run.plan("pre-dump", run.dumpDirectives());
    List<String> atRestore = new ArrayList<>(run.restoreDirectives());
    atRestore.set(0, inheritStdout("/dev/null 1 end"));
    run.plan("plan-restore", atRestore);
    assertThat(run.dump(criu, programs.pluginDirectory(), run.actionScript()))
        .returns(0, Result::exitCode);
    NativePrograms.write(run.images.resolve("manifest.yaml"), "criuBridge:");
    assertThat(run.restore(criu, programs.pluginDirectory(), Map.of()))
        .returns(0, Result::exitCode);
    Path stdout = Path.of("/proc/" + run.restoredPid() + "/fd/1");
    assertThat(stdout.toRealPath()).isEqualTo(Path.of("/dev/null"));
  }

  @ParameterizedTest
  @MethodSource(CRIUS)
  void fileThatMayNotBeInherited_isRefused(String criu) throws Exception {
    run.plan("pre-dump", run.dumpDirectives());
    String inherit = inheritStdout("");
    assertThat(run.dump(criu, programs.pluginDirectory(), run.actionScript()))
        .returns(0, Result::exitCode);
    NativePrograms.write(run.images.resolve("manifest.yaml"), "criuBridge:");
    Path log = Files.writeString(directory.resolve("log"), "kept");
    int truncating = 01001;
    String other = "is neither a regular file nor a character device";
    assertRefused(criu, inherit + log + " " + truncating + " end", "Invalid argument");
    assertThat(log).hasContent("kept");
    Path fifo = directory.resolve("fifo");
    NativePrograms.mustSucceed(NativePrograms.run(Map.of(), List.of("mkfifo", "" + fifo)));
    assertRefused(criu, inherit + fifo + " 0 end", other);
    assertRefused(criu, inherit + directory + " 0 0", other);
    assertRefused(criu, inherit + directory.resolve("absent") + " 0 0", "No such file");
    int recorded = Syscalls.O_NOFOLLOW;
    assertRefused(criu, inherit + "/dev/null " + recorded + " end", "Invalid argument");
    Files.createSymbolicLink(directory.resolve("link"), log);
    Files.createSymbolicLink(directory.resolve("above"), directory);
    for (String path : List.of("link", "above/log")) {
      String directive = inherit + directory.resolve(path) + " " + recorded + " end";
      assertRefused(criu, directive, "Too many levels of symbolic links");
    }
  }

  private void assertRefused(String criu, String directive, String why) throws Exception {
    run.plan("plan-restore", List.of(directive));
    Result restored = run.restore(criu, programs.pluginDirectory(), Map.of());
    assertThat(restored.exitCode()).isNotZero();
    assertThat(restored.output())
        .contains("cannot open " + directive.split(" ")[2] + " to restore ile[")
        .contains(why)
        .contains("CRIU does not take from the plan: " + directive);
  }

  private String inheritStdout(String pathFlagsAndOffset) throws IOException {
    return "inherit-file " + run.container().fileKey(1).substring(1) + " " + pathFlagsAndOffset;
  }

  @ParameterizedTest
  @MethodSource(CRIUS)
  void externalOfTheCaller_isKept(String criu) throws Exception {
    run.plan("pre-dump", run.dumpDirectives());
    Result dumped =
        run.dump(
            criu,
            programs.pluginDirectory(),
            "--action-script",
            programs.launcher().toString(),
            "--external",
            "mnt[/vol1]:of-the-caller");
    assertThat(dumped).returns(0, Result::exitCode);
    assertThat(dumped.output())
        .contains("kept the caller's mnt[/vol1]:of-the-caller, not the plan's key-");
    assertThat(run.applied())
        .contains("kept external mnt[/vol1]:key-")
        .contains("applied external");
    assertThat(run.mountImage()).contains("of-the-caller").doesNotContain("key-" + volumeId());
  }

  private int volumeId() throws IOException {
    String kept =
        run.applied().lines().filter(line -> line.startsWith("kept")).findFirst().orElseThrow();
    return Integer.parseInt(kept.substring(kept.lastIndexOf('-') + 1));
  }

  @ParameterizedTest
  @MethodSource(CRIUS)
  void skippedMount_isNotDumped(String criu) throws Exception {
    List<String> directives = new ArrayList<>(run.dumpDirectives());
    directives.removeIf(directive -> directive.contains("/vol1"));
    directives.add("skip-mount /vol1");
    run.plan("pre-dump", directives);
    assertThat(run.dump(criu, programs.pluginDirectory(), run.actionScript()))
        .returns(0, Result::exitCode);
    assertThat(run.mountImage()).doesNotContain("/vol1");
  }

  @ParameterizedTest
  @MethodSource(CRIUS)
  void criuWithoutAddExternal_isServedByTheMountHooks(String criu) throws Exception {
    run.close();
    Path other = Files.createDirectory(directory.resolve("other"));
    run = new CriuRun(programs, other, Path.of("/dev/null")); // no hook makes a file external
    List<String> atDump = new ArrayList<>(run.dumpDirectives());
    atDump.remove(0);
    run.plan("pre-dump", atDump);
    List<String> atRestore = new ArrayList<>();
    for (Mount mount : run.container().foreignMounts()) {
      atRestore.add("restore-mount " + mount.id() + " " + run.source(mount));
    }
    run.plan("plan-restore", atRestore);
    Result dumped = run.dump(criu, withoutAddExternal, run.actionScript());
    assertThat(dumped).returns(0, Result::exitCode);
    assertThat(dumped.output()).contains("does not export add_external");
    assertThat(run.applied().lines()).allMatch(line -> line.startsWith("fallback external mnt["));
    long before = run.container().count();

    NativePrograms.write(run.images.resolve("manifest.yaml"), "criuBridge:");
    String hook = programs.launcher().toString();
    Result restored = run.restore(criu, withoutAddExternal, Map.of("CRIU_BRIDGE_HOOK", hook));
    assertThat(restored).returns(0, Result::exitCode);
    assertRestoredAndCounting(before);
  }

  @ParameterizedTest
  @MethodSource(CRIUS)
  void underRunc_hookAndPluginTakePartWithoutOptions(String criu) throws Exception {
    run.plan("pre-dump", run.dumpDirectives());
    run.plan("plan-restore", run.restoreDirectives());
    Map<String, String> environment = run.environment();
    environment.put("CRIU_LIBS_DIR", programs.pluginDirectory().toString());
    environment.put("PATH", Path.of(criu).getParent() + ":" + System.getenv("PATH"));
    Files.writeString(run.container().criuConfig(), "action-script " + programs.launcher() + "\n");
    run.container().runc(environment, "checkpoint", "--image-path", run.images.toString());
    assertThat(run.applied())
        .contains("kept external mnt[/vol1]:") // runc declares its own mounts, and not this:
        .contains("applied external file[");
    long before = run.container().count();

    NativePrograms.write(run.images.resolve("manifest.yaml"), "criuBridge:");
    run.container().runc(environment, "restore", "-d", "--image-path", run.images.toString());
    run.container().awaitCount(before + 10);
    assertThat(run.phases())
        .containsSubsequence(
            "worker-pre-dump",
            "worker-network-lock",
            "worker-post-dump",
            "worker-plan-restore",
            "worker-pre-restore",
            "worker-post-restore",
            "worker-post-resume")
        .filteredOn("start"::equals)
        .hasSize(2);
  }

  private void assertRestoredAndCounting(long before) throws Exception {
    run.container().awaitCount(before + 10);
    List<Mount> mounts = RuncContainer.mounts(run.restoredPid());
    assertThat(mounts)
        .anyMatch(
            mount ->
                mount.point().equals("/vol1")
                    && mount.root().endsWith(run.container().volume().toString()));
    Path volume = Path.of("/proc/" + run.restoredPid() + "/root/vol1/of-the-host");
    assertThat(Files.exists(volume)).isTrue();
  }

  private static List<String> withWord(String word, List<String> directives) {
    return directives.stream().map(directive -> word + " " + directive).toList();
  }
}
