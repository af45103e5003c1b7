// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.launcher;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static org.assertj.core.api.Assertions.assertThat;

import io.criubridge.hooks.launcher.NativePrograms.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Workers that die, hang or never come up. */
@Tag("root")
@Timeout(120)
final class WorkerFailureIT {
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
  @ValueSource(strings = {"die 9", "say half", "exit 126", "exit -1", "exit 1x", "raw exit 0"})
  void workersWithoutAnAnswer_areReplacedByAColdJvm(String last) throws Exception {
    run.script("worker-post-dump", "say begun", last);
    run.script("phase-post-dump", "say cold", "err complaint", "exit 5");
    run.phase("pre-dump");
    Result result = run.phase("post-dump");
    assertThat(result.exitCode()).isEqualTo(5);
    assertThat(result.output())
        .startsWith("criu-bridge post-dump: begun\n")
        .contains("post-dump: the worker died in the middle of the phase")
        .contains("post-dump: the worker of this run is gone; starting another\n")
        .contains("criu-bridge post-dump: cold\n")
        .contains("criu-bridge post-dump: complaint\n");
    assertThat(run.jvms()).hasSize(3);
    assertThat(LauncherRun.isRunning(run.jvms().get(0))).isFalse();
  }

  @Test
  void workerThatDiesInPostDump_isReplacedByOneThatStays() throws Exception {
    String script = directory.resolve("stub/worker-post-dump").toString();
    run.script("worker-post-dump", "write " + script + " say better\\nexit 0\\n", "die 9");
    run.phase("pre-dump");
    Result result = run.phase("post-dump");
    assertThat(result.exitCode()).isZero();
    assertThat(result.output())
        .contains("the worker died in the middle of the phase")
        .endsWith("starting another\ncriu-bridge post-dump: better\n");
    assertThat(run.jvms()).hasSize(2);
    assertThat(LauncherRun.isRunning(run.jvms().get(1))).isTrue();
  }

  @Test
  void workerGoneBeforePostDump_isReplacedByOneThatStays() throws Exception {
    run.phase("pre-dump");
    killTheWorker();
    assertThat(run.phase("post-dump"))
        .isEqualTo(
            new Result(
                0,
                """
                criu-bridge post-dump: the worker of this run is gone; starting another
                criu-bridge post-dump: worker-post-dump done
                """));
    assertThat(LauncherRun.isRunning(run.jvms().get(1))).isTrue();
  }

  @Test
  void workerGoneBeforePostDump_andNoOtherComesUp_isReplacedByAColdJvm() throws Exception {
    run.phase("pre-dump");
    killTheWorker();
    run.script("start", "err no luck", "die 4");
    Result result = run.phase("post-dump");
    assertThat(result.exitCode()).isZero();
    assertThat(result.output())
        .contains("starting another")
        .containsPattern("the worker did not come up: it \\(pid \\d+\\) exited with 4")
        .endsWith(
            """
            criu-bridge post-dump: the worker of this run is gone; running the phase in a new JVM
            criu-bridge post-dump: phase-post-dump done
            """);
  }

  @Test
  void workerGoneBeforeAPhaseOfTheRestore_isReplacedByAColdJvm() throws Exception {
    run.phase("pre-restore");
    killTheWorker();
    assertThat(run.phase("post-restore"))
        .isEqualTo(
            new Result(
                0,
                """
                criu-bridge post-restore: the worker of this run is gone; running the phase in a new JVM
                criu-bridge post-restore: phase-post-restore done
                """));
  }

  private void killTheWorker() throws Exception {
    long worker = run.jvms().get(0);
    ProcessHandle.of(worker).orElseThrow().destroyForcibly();
    LauncherRun.awaitEnd(worker);
  }

  @ParameterizedTest
  @ValueSource(strings = {"pre-dump", "post-dump"})
  void coldJvmWithoutAnAnswer_failsThePhaseOfADumpAndUndoesIt(String phase) throws Exception {
    if (phase.equals("post-dump")) {
      run.phase("pre-dump");
    }
    run.script("worker-" + phase, "die 1");
    run.script("phase-" + phase, "err out of luck", "die 3");
    run.script("phase-abort", "environment CRIU_BRIDGE_ABORTED_PHASE", "exit 0");
    Result result = run.phase(phase);
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.output())
        .contains("out of luck")
        .containsPattern("\\(pid \\d+\\) exited with 3")
        .contains("the phase failed")
        .contains("CRIU_BRIDGE_ABORTED_PHASE=" + phase)
        .doesNotContain("deadline");
  }

  @Test
  void coldJvmWithoutAnAnswer_failsThePhaseOfARestore() throws Exception {
    run.script("worker-pre-restore", "die 1");
    run.script("phase-pre-restore", "die 3");
    Result result = run.phase("pre-restore");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.output()).contains("the phase failed").doesNotContain("undoing");
  }

  @Test
  void hungWorker_isKilledAndItsPhaseUndone() throws Exception {
    run.script("worker-pre-dump", "say slow", "hang");
    run.script("phase-abort", "environment CRIU_BRIDGE_ABORTED_PHASE", "exit 0");
    run.environment.put("CRIU_BRIDGE_DEADLINE", "2");
    Result result = run.phase("pre-dump");
    assertThat(result.exitCode()).isEqualTo(1);
    long worker = run.jvms().get(0);
    assertThat(result.output())
        .contains("criu-bridge pre-dump: slow")
        .contains("the worker (pid " + worker + ") is hung; killing it")
        .contains("the deadline of this phase has passed")
        .contains("CRIU_BRIDGE_ABORTED_PHASE=pre-dump")
        .doesNotContain("failed");
    assertThat(LauncherRun.isRunning(worker)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"start", "worker-pre-dump"})
  void deadline_isTheWorkersIfItWishesOne(String script) throws Exception {
    run.script(script, "write deadlines post-restore 9000\\npre-dump 1500\\n");
    Files.writeString(directory.resolve("stub/worker-pre-dump"), "hang\n", CREATE, APPEND);
    assertHungAfterSeconds("pre-dump", 1);
  }

  @Test
  void deadline_thatTheWorkerMakesLaterThanOurs_isWaitedFor() throws Exception {
    run.script("worker-pre-dump", "write deadlines pre-dump 20000\\n", "sleep 3", "exit 0");
    run.environment.put("CRIU_BRIDGE_DEADLINE", "2");
    assertThat(run.phase("pre-dump")).isEqualTo(new Result(0, ""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "pre-dump=1", "post-dump=300,pre-dump=1", "pre-dump=1,300"})
  void deadline_isThatOfThePhaseInTheEnvironment(String deadline) throws Exception {
    run.environment.put("CRIU_BRIDGE_DEADLINE", deadline);
    run.script("worker-pre-dump", "hang");
    assertHungAfterSeconds("pre-dump", 1);
  }

  private void assertHungAfterSeconds(String phase, int seconds) throws Exception {
    long before = System.nanoTime();
    assertThat(run.phase(phase).output()).contains("is hung");
    assertThat((System.nanoTime() - before) / 1_000_000).isBetween(seconds * 1000L, 10_000L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"soon", "pre-dump=soon", "0", "-1", "86401", "99999999999999999999", ","})
  void deadline_withoutSense_isLeftToTheWorker(String deadline) throws Exception {
    run.environment.put("CRIU_BRIDGE_DEADLINE", deadline);
    assertThat(run.phase("pre-dump"))
        .isEqualTo(new Result(0, "criu-bridge pre-dump: worker-pre-dump done\n"));
  }

  @Test
  void hungColdJvm_isKilledWithItsChildren() throws Exception {
    run.script("worker-pre-dump", "die 1");
    run.script("phase-pre-dump", "child 577", "say hanging", "hang");
    run.script("phase-abort", "say undone", "exit 0");
    run.environment.put("CRIU_BRIDGE_DEADLINE", "2");
    Result result = run.phase("pre-dump");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.output()).contains("hanging").contains("process group").contains("undone");
    assertThat(ProcessHandle.allProcesses().filter(WorkerFailureIT::isTheSleeper)).isEmpty();
  }

  private static boolean isTheSleeper(ProcessHandle process) {
    return process.isAlive()
        && process.info().arguments().filter(a -> a.length == 1 && a[0].equals("577")).isPresent();
  }

  @Test
  void abortThatFails_isSaid() throws Exception {
    run.script("worker-pre-dump", "hang");
    run.script("phase-abort", "exit 74");
    run.environment.put("CRIU_BRIDGE_DEADLINE", "1");
    Result result = run.phase("pre-dump");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.output()).contains("do not use this image directory");
  }

  @Test
  void workerThatDiesAtOnce_isExplainedByItsLog() throws Exception {
    List<String> start = new ArrayList<>();
    for (int line = 1; line <= 30; line++) {
      start.add("err line " + line + ".");
    }
    start.add("die 4");
    run.script("start", start.toArray(String[]::new));
    Result result = run.phase("pre-dump");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.output())
        .containsPattern("the worker did not come up: it \\(pid \\d+\\) exited with 4")
        .contains("pre-dump: line 30.")
        .contains("pre-dump: line 11.")
        .doesNotContain("line 10.");
    assertThat(run.runDirectory()).doesNotExist();
  }

  @Test
  void workerThatNeverListens_isKilled() throws Exception {
    run.script("start", "err thinking", "hang");
    run.environment.put("CRIU_BRIDGE_DEADLINE", "1");
    Result result = run.phase("pre-dump");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.output())
        .contains("did not begin to listen")
        .contains("killed by signal 9")
        .contains("thinking");
    assertThat(run.runDirectory()).doesNotExist();
  }

  @Test
  void missingJava_isNamed() throws Exception {
    run.environment.put("CRIU_BRIDGE_JAVA", "/nowhere/java");
    Result result = run.phase("pre-dump");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.output())
        .contains("cannot run /nowhere/java: No such file")
        .contains("CRIU_BRIDGE_JAVA");
  }
}
