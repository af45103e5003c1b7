// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.criubridge.hooks.launcher.NativePrograms.Result;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the launcher and a worker say to each other. */
@Tag("root")
@Timeout(120)
final class LauncherIT {
  @TempDir static Path shared;
  private static NativePrograms programs;

  @TempDir Path directory;
  private LauncherRun run;

  @BeforeAll
  static void build() throws Exception {
    programs = NativePrograms.build(shared.resolve("dist"));
  }

  @BeforeEach
  void begin() throws Exception {
    run = new LauncherRun(programs, directory);
  }

  @AfterEach
  void end() throws Exception {
    run.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"network-unlock", "setup-namespaces", "pre-resume", "query-ext-files", ""})
  void otherPhases_areNothingToUs(String phase) throws Exception {
    assertThat(run.phase(phase)).isEqualTo(new Result(0, ""));
    assertThat(run.base()).doesNotExist();
  }

  @Test
  void noPhase_isAUsageError() throws Exception {
    Result result = NativePrograms.run(run.environment, List.of(programs.launcher().toString()));
    assertThat(result.exitCode()).isEqualTo(64);
    assertThat(result.output()).startsWith("usage: criu dump|restore --action-script");
  }

  @ParameterizedTest
  @ValueSource(strings = {"network-lock", "post-dump", "post-restore", "post-resume"})
  void laterPhases_ofARunThatIsNotOurs_leaveNoTrace(String phase) throws Exception {
    assertThat(run.phase(phase)).isEqualTo(new Result(0, ""));
    assertThat(run.base()).doesNotExist();
  }

  @Test
  void firstPhase_startsTheWorkerAndLaterOnesGoToIt() throws Exception {
    assertThat(run.phase("pre-dump"))
        .isEqualTo(new Result(0, "criu-bridge pre-dump: worker-pre-dump done\n"));
    assertThat(run.phase("post-dump"))
        .isEqualTo(new Result(0, "criu-bridge post-dump: worker-post-dump done\n"));
    assertThat(run.log())
        .containsExactly("worker start", "worker worker-pre-dump", "worker worker-post-dump");
    assertThat(run.jvms()).hasSize(1);
  }

  @Test
  void networkLock_isToldAndNotWaitedFor() throws Exception {
    Path over = directory.resolve("over");
    run.script("worker-network-lock", "sleep 2", "write " + over + " over");
    run.phase("pre-dump");
    assertThat(run.phase("network-lock")).isEqualTo(new Result(0, ""));
    assertThat(over).doesNotExist();
    assertThat(run.phase("post-dump").output()).endsWith("worker-post-dump done\n");
    assertThat(over).exists();
  }

  @Test
  void networkLock_withoutItsWorker_isNothingToUs() throws Exception {
    run.script("worker-pre-dump", "exit 0", "die 0");
    run.phase("pre-dump");
    LauncherRun.awaitEnd(run.jvms().get(0));
    assertThat(run.phase("network-lock")).isEqualTo(new Result(0, ""));
    assertThat(run.jvms()).hasSize(1);
  }

  @Test
  void networkUnlock_doesNotReachTheWorker() throws Exception {
    run.phase("pre-dump");
    assertThat(run.phase("network-unlock")).isEqualTo(new Result(0, ""));
    assertThat(run.log()).containsExactly("worker start", "worker worker-pre-dump");
  }

  @ParameterizedTest
  @CsvSource({"pre-dump, dump", "plan-restore, restore"})
  void markedLines_holdForTheirOperation(String phase, String operation) throws Exception {
    run.script("worker-" + phase, "property of.operation", "property of.java", "exit 0");
    assertThat(run.phase(phase).output().lines().map(line -> line.replaceFirst(".*: ", "")))
        .containsExactly("of.operation=" + operation, "of.java=this");
  }

  @Test
  void markedLines_doNotHoldForAnotherJava() throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin/java").toString();
    run.environment.put("CRIU_BRIDGE_JAVA", java);
    run.script("worker-pre-dump", "property of.operation", "property of.java", "exit 0");
    assertThat(run.phase("pre-dump").output().lines().map(line -> line.replaceFirst(".*: ", "")))
        .containsExactly("of.operation=null", "of.java=null");
  }

  @Test
  void closedStdin_isNoTrap() throws Exception {
    run.script("worker-pre-dump", "descriptors", "exit 0");
    run.script("phase-post-dump", "descriptors", "exit 0");
    run.script("worker-post-dump", "die 1");
    List<String> closed = List.of("sh", "-c", programs.launcher() + " <&-");
    String log = run.runDirectory().resolve("worker.log").toString();
    assertThat(run.phase("pre-dump", closed).output())
        .isEqualTo("criu-bridge pre-dump: /dev/null " + log + " " + log + "\n");
    assertThat(run.phase("post-dump", closed).output())
        .containsPattern("post-dump: /dev/null pipe:\\[\\d+] pipe:\\[\\d+]\n");
  }

  @Test
  void jvm_getsACleanEnvironmentAndItsOrders() throws Exception {
    run.environment.put("JAVA_TOOL_OPTIONS", "-Dstranger=1");
    run.environment.put("_JAVA_OPTIONS", "-Dstranger=1");
    run.environment.put("JDK_JAVA_OPTIONS", "-Dstranger=1");
    run.environment.put("CRIU_BRIDGE_OF_MINE", "kept");
    run.environment.put("LC_ALL", "C");
    run.script(
        "worker-pre-dump",
        "property stranger",
        "environment LC_ALL",
        "environment CRIU_BRIDGE_OF_MINE",
        "environment CRIU_BRIDGE_WORKER_DIR",
        "environment CRIU_BRIDGE_CRIU",
        "property dist",
        "property user.dir",
        "exit 0");
    String place = run.runDirectory().toString();
    String identity = run.runDirectory().getFileName().toString().replace('-', ' ');
    Path dist = programs.dist().toRealPath();
    assertThat(run.phase("pre-dump").output().replace("criu-bridge pre-dump: ", ""))
        .isEqualTo(
            """
            stranger=null
            LC_ALL=C.UTF-8
            CRIU_BRIDGE_OF_MINE=kept
            CRIU_BRIDGE_WORKER_DIR=%s
            CRIU_BRIDGE_CRIU=%s
            dist=%s/x:%s
            user.dir=%s
            """
                .formatted(place, identity, dist, dist, place));
  }

  @Test
  void jvm_doesNotIgnoreSigpipe() throws Exception {
    run.script("worker-pre-dump", "status SigIgn", "exit 0");
    assertThat(run.phase("pre-dump").output())
        .containsPattern("SigIgn:\t\\p{XDigit}{12}[02468ace]\\p{XDigit}{3}\n");
  }

  @Test
  void request_carriesOurVariablesAndCrius() throws Exception {
    run.script(
        "worker-pre-dump",
        "variable CRTOOLS_SCRIPT_ACTION",
        "variable CRTOOLS_INIT_PID",
        "variable CRIU_BRIDGE_WISH",
        "variable PATH",
        "exit 0");
    run.environment.put("CRTOOLS_INIT_PID", "4242");
    run.environment.put("CRIU_BRIDGE_WISH", "a b=c");
    assertThat(run.phase("pre-dump").output().replace("criu-bridge pre-dump: ", ""))
        .isEqualTo(
            """
            CRTOOLS_SCRIPT_ACTION=pre-dump
            CRTOOLS_INIT_PID=4242
            CRIU_BRIDGE_WISH=a b=c
            PATH=null
            """);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 125})
  void exitCode_isTheWorkers(int code) throws Exception {
    run.script("worker-pre-dump", "exit " + code);
    assertThat(run.phase("pre-dump")).isEqualTo(new Result(code, ""));
  }

  @Test
  void lines_areMadeHarmless() throws Exception {
    run.script(
        "worker-pre-dump",
        "raw a\\0b\\033[31m\\tc\\r\\177\\n",
        "say " + "x".repeat(5000),
        "exit 3",
        "say not the end",
        "exit 0");
    assertThat(run.phase("pre-dump").output().split("\n"))
        .containsExactly(
            "criu-bridge pre-dump: a?b?[31m\tc??",
            "criu-bridge pre-dump: " + "x".repeat(4096),
            "criu-bridge pre-dump: exit 3",
            "criu-bridge pre-dump: not the end");
  }
}
