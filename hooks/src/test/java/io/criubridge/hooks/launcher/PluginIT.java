// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.criubridge.hooks.launcher.NativePrograms.Result;
import io.criubridge.hooks.launcher.RuncContainer.Mount;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The plugin in real CRIUs, on a real container; {@link StubWorker} makes the plans. The CRIUs are
 * named by the variable {@code CRIU}, separated by colons.
 */
@Tag("root")
@Tag("criu")
@Timeout(180)
final class PluginIT {
  private static final String DEFAULT_CRIUS = "/opt/criu4/bin/criu:/opt/criu4.2/bin/criu";

  @TempDir static Path shared;
  private static NativePrograms programs;
  private static Path workload;
  private static Path withoutAddExternal;

  @TempDir Path directory;
  private Path stub;
  private Path images;
  private Path launcherless;
  private RuncContainer container;

  static Stream<String> crius() {
    return Stream.of(System.getenv().getOrDefault("CRIU", DEFAULT_CRIUS).split(":"));
  }

  @BeforeAll
  static void build() throws Exception {
    programs = NativePrograms.build(shared.resolve("dist"));
    Path source = Path.of("../test-fixtures/src/main/c/workload.c").toAbsolutePath();
    workload = NativePrograms.compile(shared.resolve("workload"), "-static", source.toString());
    withoutAddExternal = Files.createDirectories(shared.resolve("fallback"));
    NativePrograms.compile(
        withoutAddExternal.resolve("criu_bridge.so"),
        "-DHIDE_ADD_EXTERNAL -fPIC -shared -fvisibility=hidden",
        NativePrograms.sources(
            "plugin", "plan", "launcher", "criu_api", "run_dir", "criu", "file"));
  }

  @BeforeEach
  void prepare() throws Exception {
    stub = Files.createDirectory(directory.resolve("stub"));
    images = Files.createDirectory(directory.resolve("images"));
    launcherless = Files.createDirectory(directory.resolve("launcherless"));
    start(directory.resolve("output"));
  }

  private void start(Path output) throws Exception {
    Path place = Files.createTempDirectory(directory, "container");
    container = RuncContainer.start(place, workload, output);
  }

  @AfterEach
  void endContainer() throws Exception {
    Path restored = directory.resolve("restored.pid");
    if (Files.exists(restored)) {
      kill(Long.parseLong(Files.readString(restored).trim()));
    }
    container.close();
  }

  private static void kill(long pid) throws Exception {
    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    Path mounts = Path.of("/proc/" + pid + "/mountinfo");
    while (Files.exists(mounts) && isMounted(mounts)) {
      Thread.sleep(10);
    }
  }

  private static boolean isMounted(Path mounts) {
    try {
      return Files.size(mounts) > 0 || !Files.readString(mounts).isEmpty();
    } catch (IOException gone) {
      return false;
    }
  }

  private Result criu(String criu, Map<String, String> more, List<String> arguments)
      throws Exception {
    Map<String, String> environment = new HashMap<>(more);
    environment.put("CRIU_BRIDGE_STUB", stub.toString());
    environment.put("CRIU_BRIDGE_RUN_DIR", directory.resolve("run").toString());
    environment.put("CRIU_BRIDGE_CONFIG", directory.resolve("config.yaml").toString());
    List<String> command = new ArrayList<>(List.of(criu));
    command.addAll(arguments);
    command.addAll(List.of("-D", images.toString()));
    return NativePrograms.run(environment, command);
  }

  private Result dump(String criu, Path plugins, String... more) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("dump", "-t", "" + container.pid()));
    arguments.addAll(List.of("--libdir", plugins.toString()));
    arguments.addAll(List.of(more));
    return criu(criu, Map.of(), arguments);
  }

  private String[] actionScript() {
    return new String[] {"--action-script", programs.launcher().toString()};
  }

  private Result restore(String criu, Path plugins, Map<String, String> environment)
      throws Exception {
    List<String> arguments = new ArrayList<>(List.of("restore", "-d"));
    arguments.addAll(List.of("--root", container.root(), "--libdir", plugins.toString()));
    arguments.addAll(List.of("--pidfile", directory.resolve("restored.pid").toString()));
    return criu(criu, environment, arguments);
  }

  private int restoredPid() throws IOException {
    return Integer.parseInt(Files.readString(directory.resolve("restored.pid")).trim());
  }

  /** Has the worker write this plan when it is asked for the phase. */
  private void plan(String phase, List<String> directives) throws IOException {
    List<String> lines = new ArrayList<>(List.of("criu-bridge-plan 1"));
    lines.addAll(directives);
    lines.add("end");
    rawPlan(phase, String.join("\n", lines) + "\n");
  }

  private void rawPlan(String phase, String text) throws IOException {
    Path plan = directory.resolve("plan-for-" + phase);
    Files.writeString(plan, text);
    script("worker-" + phase, "copy-plan " + plan, "exit 0");
  }

  private void script(String name, String... commands) throws IOException {
    NativePrograms.write(stub.resolve(name), commands);
  }

  private List<String> dumpDirectives() throws IOException {
    List<String> directives = new ArrayList<>(List.of("external " + container.fileKey(1)));
    for (Mount mount : container.foreignMounts()) {
      directives.add("external mnt[" + mount.point() + "]:key-" + mount.id());
    }
    return directives;
  }

  private List<String> restoreDirectives() throws IOException {
    String output = container.output().toString();
    List<String> directives =
        new ArrayList<>(List.of("inherit-fd " + container.fileKey(1) + " " + output));
    for (Mount mount : container.foreignMounts()) {
      directives.add("external mnt[key-" + mount.id() + "]:" + source(mount));
    }
    return directives;
  }

  private Path source(Mount mount) {
    return mount.point().equals("/vol1") ? container.volume() : Path.of(mount.point());
  }

  private String applied() throws IOException {
    try (Stream<Path> runs = Files.list(directory.resolve("run"))) {
      Path newest = runs.max((a, b) -> Long.compare(startTime(a), startTime(b))).orElseThrow();
      return Files.readString(newest.resolve("plan.applied"));
    }
  }

  private static long startTime(Path run) {
    return Long.parseLong(run.getFileName().toString().split("-")[1]);
  }

  private List<String> phases() throws IOException {
    return Files.readAllLines(stub.resolve("log")).stream()
        .map(line -> line.split(" ")[1])
        .toList();
  }

  private void assertRestoredAndCounting(long before) throws Exception {
    container.awaitCount(before + 10);
    List<Mount> mounts = RuncContainer.mounts(restoredPid());
    assertThat(mounts)
        .anyMatch(
            mount ->
                mount.point().equals("/vol1")
                    && mount.root().endsWith(container.volume().toString()));
    Path volume = Path.of("/proc/" + restoredPid() + "/root/vol1/of-the-host");
    assertThat(Files.exists(volume)).isTrue();
  }

  @ParameterizedTest
  @MethodSource("crius")
  void dumpAndRestore_needNoExternalOption(String criu) throws Exception {
    plan("pre-dump", dumpDirectives());
    plan("plan-restore", restoreDirectives());
    int mounts = RuncContainer.mounts(container.pid()).size();
    Result dumped = dump(criu, programs.pluginDirectory(), actionScript());
    assertThat(dumped).returns(0, Result::exitCode);
    assertThat(applied().lines())
        .containsExactlyElementsOf(withWord("applied", dumpDirectivesOf()));
    long before = container.count();

    Files.createFile(images.resolve("manifest.yaml"));
    Result restored = restore(criu, programs.pluginDirectory(), Map.of());
    assertThat(restored).returns(0, Result::exitCode);
    assertRestoredAndCounting(before);
    assertThat(RuncContainer.mounts(restoredPid())).hasSize(mounts);
    assertThat(phases())
        .containsExactly(
            "start",
            "worker-pre-dump",
            "worker-post-dump",
            "start",
            "worker-plan-restore",
            "worker-pre-restore",
            "worker-post-restore",
            "worker-post-resume");
  }

  @ParameterizedTest
  @MethodSource("crius")
  void stdoutOnAHostFile_isOpenedAsItWas(String criu) throws Exception {
    plan("pre-dump", dumpDirectives());
    plan("plan-restore", restoreDirectives());
    Path info = Path.of("/proc/" + container.pid() + "/fdinfo/1");
    List<String> before = Files.readAllLines(info).subList(0, 2);
    assertThat(dump(criu, programs.pluginDirectory(), actionScript())).returns(0, Result::exitCode);
    Files.createFile(images.resolve("bridge-status.json"));
    assertThat(restore(criu, programs.pluginDirectory(), Map.of())).returns(0, Result::exitCode);
    Path proc = Path.of("/proc/" + restoredPid());
    assertThat(Files.readAllLines(proc.resolve("fdinfo/1")).subList(0, 2)).isEqualTo(before);
    assertThat(proc.resolve("fd/1").toRealPath()).isEqualTo(container.output().toRealPath());
  }

  private List<String> dumpDirectivesOf() throws IOException {
    List<String> lines = Files.readAllLines(directory.resolve("plan-for-pre-dump"));
    return lines.subList(1, lines.size() - 1);
  }

  private static List<String> withWord(String word, List<String> directives) {
    return directives.stream().map(directive -> word + " " + directive).toList();
  }

  @ParameterizedTest
  @MethodSource("crius")
  void externalOfTheCaller_isKept(String criu) throws Exception {
    plan("pre-dump", dumpDirectives());
    Result dumped =
        dump(
            criu,
            programs.pluginDirectory(),
            "--action-script",
            programs.launcher().toString(),
            "--external",
            "mnt[/vol1]:of-the-caller");
    assertThat(dumped).returns(0, Result::exitCode);
    assertThat(dumped.output()).contains("kept the caller's mnt[/vol1]:of-the-caller, not the plan's key-");
    assertThat(applied()).contains("kept external mnt[/vol1]:key-").contains("applied external");
    assertThat(mountImage()).contains("of-the-caller").doesNotContain("key-" + volumeId());
  }

  private int volumeId() throws IOException {
    String kept =
        applied().lines().filter(line -> line.startsWith("kept")).findFirst().orElseThrow();
    return Integer.parseInt(kept.substring(kept.lastIndexOf('-') + 1));
  }

  private String mountImage() throws IOException {
    try (Stream<Path> files = Files.list(images)) {
      Path image =
          files
              .filter(file -> file.getFileName().toString().startsWith("mountpoints-"))
              .findFirst()
              .orElseThrow();
      return Files.readString(image, StandardCharsets.ISO_8859_1);
    }
  }

  @ParameterizedTest
  @MethodSource("crius")
  void skippedMount_isNotDumped(String criu) throws Exception {
    List<String> directives = new ArrayList<>(dumpDirectives());
    directives.removeIf(directive -> directive.contains("/vol1"));
    directives.add("skip-mount /vol1");
    plan("pre-dump", directives);
    assertThat(dump(criu, programs.pluginDirectory(), actionScript())).returns(0, Result::exitCode);
    assertThat(mountImage()).doesNotContain("/vol1");
  }

  @ParameterizedTest
  @MethodSource("crius")
  void refusedPlan_stopsTheDumpAndNotTheContainer(String criu) throws Exception {
    rawPlan("pre-dump", "criu-bridge-plan 1\nexternal mnt[/vol1]:v\n");
    Result dumped = dump(criu, programs.pluginDirectory(), actionScript());
    assertThat(dumped.exitCode()).isNotZero();
    assertThat(dumped.output())
        .contains("criu-bridge plugin: refused: the plan of this run: line 3: torn off");
    container.awaitCount(container.count() + 3);
  }

  @ParameterizedTest
  @MethodSource("crius")
  void planAnyoneCanWrite_isRefused(String criu) throws Exception {
    script("worker-pre-dump", "write plan criu-bridge-plan 1\\nend\\n", "mode-666 plan", "exit 0");
    Result dumped = dump(criu, programs.pluginDirectory(), actionScript());
    assertThat(dumped.exitCode()).isNotZero();
    assertThat(dumped.output()).contains("must be a regular file of root");
    container.awaitCount(container.count() + 3);
  }

  @ParameterizedTest
  @MethodSource("crius")
  void dumpWithThePluginAlone_isWarnedOf(String criu) throws Exception {
    Result dumped = dump(criu, programs.pluginDirectory());
    assertThat(dumped.exitCode()).isNotZero(); // CRIU's own complaint about /vol1
    assertThat(dumped.output()).contains("criu-bridge plugin: no plan was made for this dump");
    container.awaitCount(container.count() + 3);
  }

  @ParameterizedTest
  @MethodSource("crius")
  void restoreThatCannotBePlanned_isNotBegun(String criu) throws Exception {
    plan("pre-dump", dumpDirectives());
    script("worker-plan-restore", "say mount /vol1 has no source", "exit 65");
    assertThat(dump(criu, programs.pluginDirectory(), actionScript())).returns(0, Result::exitCode);
    Files.createFile(images.resolve("manifest.yaml"));
    Result restored = restore(criu, programs.pluginDirectory(), Map.of());
    assertThat(restored.exitCode()).isNotZero();
    assertThat(restored.output())
        .contains("criu-bridge plan-restore: mount /vol1 has no source\n")
        .contains(
            "the restore was not planned, so it is not begun: criu-bridge plan-restore: mount");
    assertThat(phases()).endsWith("worker-plan-restore");
  }

  @ParameterizedTest
  @MethodSource("crius")
  void restoreWithoutTheLauncher_isRefusedForImagesOfOurs(String criu) throws Exception {
    plan("pre-dump", dumpDirectives());
    assertThat(dump(criu, programs.pluginDirectory(), actionScript())).returns(0, Result::exitCode);
    Files.createFile(images.resolve("manifest.yaml"));
    Files.copy(
        programs.pluginDirectory().resolve("criu_bridge.so"),
        launcherless.resolve("criu_bridge.so"));
    Result restored = restore(criu, launcherless, Map.of());
    assertThat(restored.exitCode()).isNotZero();
    assertThat(restored.output()).contains("criu-bridge-hook is not found; set CRIU_BRIDGE_HOOK");
    Result named = restore(criu, launcherless, Map.of("CRIU_BRIDGE_HOOK", "/nowhere/hook"));
    assertThat(named.exitCode()).isNotZero();
    assertThat(named.output()).contains("CRIU_BRIDGE_HOOK=/nowhere/hook cannot be run");
  }

  @ParameterizedTest
  @MethodSource("crius")
  void criuWithoutAddExternal_isServedByTheMountHooks(String criu) throws Exception {
    container.close();
    start(Path.of("/dev/null")); // an external file cannot be declared by a hook
    List<String> atDump = new ArrayList<>(dumpDirectives());
    atDump.remove(0);
    plan("pre-dump", atDump);
    List<String> atRestore = new ArrayList<>();
    for (Mount mount : container.foreignMounts()) {
      atRestore.add("restore-mount " + mount.id() + " " + source(mount));
    }
    plan("plan-restore", atRestore);
    Result dumped = dump(criu, withoutAddExternal, actionScript());
    assertThat(dumped).returns(0, Result::exitCode);
    assertThat(dumped.output()).contains("does not export add_external");
    assertThat(applied().lines()).allMatch(line -> line.startsWith("fallback external mnt["));
    long before = container.count();

    Files.createFile(images.resolve("manifest.yaml"));
    String hook = programs.launcher().toString();
    Result restored = restore(criu, withoutAddExternal, Map.of("CRIU_BRIDGE_HOOK", hook));
    assertThat(restored).returns(0, Result::exitCode);
    assertRestoredAndCounting(before);
  }
}
