// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.criubridge.hooks.launcher.NativePrograms.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
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

/** The launcher against {@link StubWorker}; a shell stands for the CRIU process. */
@Tag("root")
@Timeout(120)
final class LauncherIT {
  private static final String HOLD = "exec 7<$1; printf r; sleep 600; :";

  @TempDir static Path shared;
  private static NativePrograms programs;

  @TempDir Path directory;
  private final List<Process> criuProcesses = new ArrayList<>();
  private final Map<String, String> environment = new HashMap<>();
  private Path base;
  private Path images;
  private Path stub;
  private Process criu;

  @BeforeAll
  static void build() throws Exception {
    programs = NativePrograms.build(shared.resolve("dist"));
  }

  @BeforeEach
  void prepare() throws Exception {
    base = directory.resolve("run");
    images = Files.createDirectory(directory.resolve("images"));
    stub = Files.createDirectory(directory.resolve("stub"));
    environment.put("CRIU_BRIDGE_RUN_DIR", base.toString());
    environment.put("CRIU_BRIDGE_CONFIG", directory.resolve("config.yaml").toString());
    environment.put("CRIU_BRIDGE_STUB", stub.toString());
    environment.put("CRIU_BRIDGE_PARTICIPATION", "always");
    criu = startCriu();
  }

  @AfterEach
  void endCriu() throws Exception {
    for (Process process : criuProcesses) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
    }
    for (long worker : workers()) {
      while (isRunning(worker)) {
        Thread.sleep(10);
      }
    }
  }

  /** A process that holds the image directory at fd 7, with these in its command line. */
  private Process startCriu(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("bash", "-c", HOLD, "criu", images.toString()));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).start();
    criuProcesses.add(process);
    assertThat(process.getInputStream().read()).isEqualTo('r');
    return process;
  }

  private Result phase(String phase) throws Exception {
    return phase(phase, List.of(programs.launcher().toString()));
  }

  private Result phase(String phase, List<String> command) throws Exception {
    Map<String, String> all = new HashMap<>(environment);
    all.put("CRTOOLS_SCRIPT_ACTION", phase);
    all.put("CRTOOLS_IMAGE_DIR", "/proc/" + criu.pid() + "/fd/7");
    return NativePrograms.run(all, command);
  }

  private void script(String name, String... commands) throws IOException {
    NativePrograms.write(stub.resolve(name), commands);
  }

  private List<String> log() throws IOException {
    Path log = stub.resolve("log");
    return Files.exists(log)
        ? Files.readAllLines(log).stream().map(line -> line.replaceAll(" \\d+$", "")).toList()
        : List.of();
  }

  private List<Long> workers() throws IOException {
    Path log = stub.resolve("log");
    if (!Files.exists(log)) {
      return List.of();
    }
    return Files.readAllLines(log).stream()
        .map(line -> Long.valueOf(line.substring(line.lastIndexOf(' ') + 1)))
        .distinct()
        .toList();
  }

  /** A zombie without further threads has ended: when its parent takes note is not our affair. */
  private static boolean isRunning(long pid) throws IOException {
    Path proc = Path.of("/proc/" + pid);
    try (Stream<Path> threads = Files.list(proc.resolve("task"))) {
      return threads.count() > 1 || !Files.readString(proc.resolve("stat")).contains(") Z ");
    } catch (NoSuchFileException gone) {
      return false;
    }
  }

  private Path runDirectory() throws IOException {
    String stat = Files.readString(Path.of("/proc/" + criu.pid() + "/stat"));
    String start = stat.substring(stat.lastIndexOf(')') + 2).split(" ")[19];
    return base.resolve(criu.pid() + "-" + start);
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @ParameterizedTest
  @ValueSource(strings = {"network-lock", "setup-namespaces", "pre-resume", "query-ext-files", ""})
  void otherPhases_areNothingToUs(String phase) throws Exception {
    assertThat(phase(phase)).isEqualTo(new Result(0, ""));
    assertThat(base).doesNotExist();
  }

  @Test
  void noPhase_isAUsageError() throws Exception {
    Result result = NativePrograms.run(environment, List.of(programs.launcher().toString()));
    assertThat(result.exitCode()).isEqualTo(64);
    assertThat(result.output()).startsWith("usage: criu dump|restore --action-script");
  }

  @ParameterizedTest
  @ValueSource(strings = {"post-dump", "post-restore", "post-resume"})
  void laterPhases_ofARunThatIsNotOurs_leaveNoTrace(String phase) throws Exception {
    assertThat(phase(phase)).isEqualTo(new Result(0, ""));
    assertThat(base).doesNotExist();
  }

  @Test
  void firstPhase_startsTheWorkerAndLaterOnesGoToIt() throws Exception {
    assertThat(phase("pre-dump"))
        .isEqualTo(new Result(0, "criu-bridge pre-dump: worker-pre-dump done\n"));
    assertThat(phase("post-dump"))
        .isEqualTo(new Result(0, "criu-bridge post-dump: worker-post-dump done\n"));
    assertThat(log())
        .containsExactly("worker start", "worker worker-pre-dump", "worker worker-post-dump");
    assertThat(workers()).hasSize(1);
  }

  @Test
  void runDirectory_isForRootAlone() throws Exception {
    phase("pre-dump");
    assertThat(mode(base)).isEqualTo("rwx------");
    assertThat(mode(runDirectory())).isEqualTo("rwx------");
    assertThat(mode(runDirectory().resolve("worker.log"))).isEqualTo("rw-------");
    assertThat(mode(runDirectory().resolve("lock"))).isEqualTo("rw-------");
  }

  @Test
  void runDirectory_mayBeLongerThanASocketAddress() throws Exception {
    base = Files.createDirectory(directory.resolve("x".repeat(200))).resolve("run");
    environment.put("CRIU_BRIDGE_RUN_DIR", base.toString());
    assertThat(phase("pre-dump").exitCode()).isZero();
    assertThat(phase("post-dump").output()).contains("worker-post-dump done");
  }

  @Test
  void runDirectory_symbolicLink_isRefused() throws Exception {
    Files.createDirectory(base);
    Files.createSymbolicLink(runDirectory(), Files.createDirectory(directory.resolve("other")));
    assertRefused("a symbolic link is none");
  }

  @Test
  void runDirectory_ofSomebodyElse_isRefused() throws Exception {
    Files.createDirectory(base);
    Files.createDirectory(runDirectory());
    Files.setAttribute(runDirectory(), "unix:uid", 1000);
    assertRefused("must belong to root");
  }

  @Test
  void runDirectory_openToOthers_isRefused() throws Exception {
    Files.createDirectory(base);
    Files.createDirectory(runDirectory());
    Files.setPosixFilePermissions(runDirectory(), PosixFilePermissions.fromString("rwxr-x---"));
    assertRefused("chmod 0700");
  }

  @Test
  void baseDirectory_writableByOthers_isRefused() throws Exception {
    Files.createDirectory(base);
    Files.setPosixFilePermissions(base, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertRefused("must belong to root");
  }

  @Test
  void baseDirectory_relative_isRefused() throws Exception {
    environment.put("CRIU_BRIDGE_RUN_DIR", "run");
    assertRefused("absolute");
  }

  private void assertRefused(String why) throws Exception {
    Result result = phase("pre-dump");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.output()).startsWith("criu-bridge pre-dump: ").contains(why);
    assertThat(log()).isEmpty();
  }

  @Test
  void closedStdin_isNoTrap() throws Exception {
    script("worker-pre-dump", "descriptors", "exit 0");
    script("phase-post-dump", "descriptors", "exit 0");
    script("worker-post-dump", "die 1");
    List<String> closed = List.of("sh", "-c", programs.launcher() + " <&-");
    String log = runDirectory().resolve("worker.log").toString();
    assertThat(phase("pre-dump", closed).output())
        .isEqualTo("criu-bridge pre-dump: /dev/null " + log + " " + log + "\n");
    assertThat(phase("post-dump", closed).output())
        .containsPattern("post-dump: /dev/null pipe:\\[\\d+] pipe:\\[\\d+]\n");
  }

  @Test
  void jvm_getsACleanEnvironmentAndItsOrders() throws Exception {
    environment.put("JAVA_TOOL_OPTIONS", "-Dstranger=1");
    environment.put("_JAVA_OPTIONS", "-Dstranger=1");
    environment.put("JDK_JAVA_OPTIONS", "-Dstranger=1");
    environment.put("CRIU_BRIDGE_OF_MINE", "kept");
    environment.put("LC_ALL", "C");
    script(
        "worker-pre-dump",
        "property stranger",
        "environment LC_ALL",
        "environment CRIU_BRIDGE_OF_MINE",
        "environment CRIU_BRIDGE_WORKER_DIR",
        "environment CRIU_BRIDGE_CRIU",
        "property dist",
        "property user.dir",
        "exit 0");
    String run = runDirectory().toString();
    String identity = runDirectory().getFileName().toString().replace('-', ' ');
    Path dist = programs.dist().toRealPath();
    assertThat(phase("pre-dump").output().replace("criu-bridge pre-dump: ", ""))
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
                .formatted(run, identity, dist, dist, run));
  }

  @Test
  void jvm_doesNotIgnoreSigpipe() throws Exception {
    script("worker-pre-dump", "status SigIgn", "exit 0");
    assertThat(phase("pre-dump").output())
        .containsPattern("SigIgn:\t\\p{XDigit}{12}[02468ace]\\p{XDigit}{3}\n");
  }

  @Test
  void request_carriesOurVariablesAndCrius() throws Exception {
    script(
        "worker-pre-dump",
        "variable CRTOOLS_SCRIPT_ACTION",
        "variable CRTOOLS_INIT_PID",
        "variable CRIU_BRIDGE_WISH",
        "variable PATH",
        "exit 0");
    environment.put("CRTOOLS_INIT_PID", "4242");
    environment.put("CRIU_BRIDGE_WISH", "a b=c");
    assertThat(phase("pre-dump").output().replace("criu-bridge pre-dump: ", ""))
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
    script("worker-pre-dump", "exit " + code);
    assertThat(phase("pre-dump")).isEqualTo(new Result(code, ""));
  }

  @Test
  void lines_areMadeHarmless() throws Exception {
    script(
        "worker-pre-dump",
        "raw a\\0b\\033[31m\\tc\\r\\177\\n",
        "say " + "x".repeat(5000),
        "exit 3",
        "say not the end",
        "exit 0");
    assertThat(phase("pre-dump").output().split("\n"))
        .containsExactly(
            "criu-bridge pre-dump: a?b?[31m\tc??",
            "criu-bridge pre-dump: " + "x".repeat(4096),
            "criu-bridge pre-dump: exit 3",
            "criu-bridge pre-dump: not the end");
  }

  @ParameterizedTest
  @ValueSource(strings = {"die 9", "say half", "exit 126", "exit -1", "exit 1x", "raw exit 0"})
  void workerWithoutAnAnswer_isReplacedByAColdJvm(String last) throws Exception {
    script("worker-post-dump", "say begun", last);
    script("phase-post-dump", "say cold", "err complaint", "exit 5");
    phase("pre-dump");
    Result result = phase("post-dump");
    assertThat(result.exitCode()).isEqualTo(5);
    assertThat(result.output())
        .startsWith("criu-bridge post-dump: begun\n")
        .contains("post-dump: the worker died in the middle of the phase")
        .contains("criu-bridge post-dump: cold\n")
        .contains("criu-bridge post-dump: complaint\n");
  }

  @Test
  void workerGoneBetweenPhases_isReplacedByAColdJvm() throws Exception {
    phase("pre-dump");
    long worker = workers().get(0);
    ProcessHandle.of(worker).orElseThrow().destroyForcibly();
    while (isRunning(worker)) {
      Thread.sleep(10);
    }
    Result result = phase("post-dump");
    assertThat(result.exitCode()).isZero();
    assertThat(result.output())
        .contains("worker of this run is gone")
        .contains("phase-post-dump done");
  }

  @Test
  void coldJvmWithoutAnAnswer_failsThePhase() throws Exception {
    script("worker-pre-dump", "die 1");
    script("phase-pre-dump", "err out of luck", "die 3");
    Result result = phase("pre-dump");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.output())
        .contains("out of luck")
        .containsPattern("\\(pid \\d+\\) exited with 3")
        .contains("the phase failed");
  }

  @Test
  void hungWorker_isKilledAndItsPhaseUndone() throws Exception {
    script("worker-pre-dump", "say slow", "hang");
    script("phase-abort", "environment CRIU_BRIDGE_ABORTED_PHASE", "exit 0");
    environment.put("CRIU_BRIDGE_DEADLINE", "2");
    Result result = phase("pre-dump");
    assertThat(result.exitCode()).isEqualTo(1);
    long worker = workers().get(0);
    assertThat(result.output())
        .contains("criu-bridge pre-dump: slow")
        .contains("the worker (pid " + worker + ") is hung; killing it")
        .contains("CRIU_BRIDGE_ABORTED_PHASE=pre-dump")
        .doesNotContain("failed");
    assertThat(isRunning(worker)).isFalse();
  }

  @Test
  void deadline_isTheWorkersIfItWishesOne() throws Exception {
    script("start", "write deadlines post-restore 9000\\npre-dump 1000\\n");
    script("worker-pre-dump", "hang");
    long before = System.nanoTime();
    assertThat(phase("pre-dump").output()).contains("is hung");
    assertThat((System.nanoTime() - before) / 1_000_000).isBetween(900L, 10_000L);
  }

  @Test
  void deadline_notANumber_isSaidAndNotObeyed() throws Exception {
    environment.put("CRIU_BRIDGE_DEADLINE", "soon");
    Result result = phase("pre-dump");
    assertThat(result.exitCode()).isZero();
    assertThat(result.output()).contains("CRIU_BRIDGE_DEADLINE=soon is no number of seconds");
  }

  @Test
  void hungColdJvm_isKilledWithItsChildren() throws Exception {
    script("worker-pre-dump", "die 1");
    script("phase-pre-dump", "child 577", "say hanging", "hang");
    script("phase-abort", "say undone", "exit 0");
    environment.put("CRIU_BRIDGE_DEADLINE", "2");
    Result result = phase("pre-dump");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.output()).contains("hanging").contains("process group").contains("undone");
    assertThat(ProcessHandle.allProcesses().filter(LauncherIT::isTheSleeper)).isEmpty();
  }

  private static boolean isTheSleeper(ProcessHandle process) {
    return process.isAlive()
        && process.info().arguments().filter(a -> a.length == 1 && a[0].equals("577")).isPresent();
  }

  @Test
  void abortThatFails_isSaid() throws Exception {
    script("worker-pre-dump", "hang");
    script("phase-abort", "exit 74");
    environment.put("CRIU_BRIDGE_DEADLINE", "1");
    Result result = phase("pre-dump");
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
    script("start", start.toArray(String[]::new));
    Result result = phase("pre-dump");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.output())
        .containsPattern("the worker did not come up: it \\(pid \\d+\\) exited with 4")
        .contains("pre-dump: line 30.")
        .contains("pre-dump: line 11.")
        .doesNotContain("line 10.");
    assertThat(runDirectory()).doesNotExist();
  }

  @Test
  void workerThatNeverListens_isKilled() throws Exception {
    script("start", "err thinking", "hang");
    environment.put("CRIU_BRIDGE_DEADLINE", "1");
    Result result = phase("pre-dump");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.output())
        .contains("did not begin to listen")
        .contains("killed by signal 9")
        .contains("thinking");
    assertThat(runDirectory()).doesNotExist();
  }

  @Test
  void missingJava_isNamed() throws Exception {
    environment.put("CRIU_BRIDGE_JAVA", "/nowhere/java");
    Result result = phase("pre-dump");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.output())
        .contains("cannot run /nowhere/java: No such file")
        .contains("CRIU_BRIDGE_JAVA");
  }

  @ParameterizedTest
  @CsvSource({
    "pre-dump, never, false, false",
    "pre-dump, auto, false, false",
    "pre-dump, auto, true, true",
    "pre-dump, containers, false, false",
    "pre-dump, containers, true, false",
    "pre-dump, always, false, true",
    "pre-restore, never, true, false",
    "pre-restore, auto, false, false",
    "pre-restore, auto, true, true",
    "plan-restore, containers, true, false",
    "plan-restore, always, false, true",
  })
  void participation_byWordAndCommandLine(String phase, String word, boolean told, boolean ours)
      throws Exception {
    if (told) {
      criu = startCriu("--action-script", "/opt/x/criu-bridge-hook");
    }
    environment.put("CRTOOLS_INIT_PID", String.valueOf(criu.pid()));
    environment.put("CRIU_BRIDGE_PARTICIPATION", word);
    assertParticipation(phase, ours);
  }

  private void assertParticipation(String phase, boolean ours) throws Exception {
    Result result = phase(phase);
    assertThat(result.exitCode()).isZero();
    assertThat(result.output().contains("done")).isEqualTo(ours);
    assertThat(Files.exists(base, LinkOption.NOFOLLOW_LINKS)).isEqualTo(ours);
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "containers"})
  void participation_dumpOfAnotherMountNamespace_isOurs(String word) throws Exception {
    Process container =
        new ProcessBuilder("unshare", "-m", "sh", "-c", "echo r; exec sleep 600").start();
    criuProcesses.add(container);
    assertThat(container.getInputStream().read()).isEqualTo('r');
    environment.put("CRTOOLS_INIT_PID", String.valueOf(container.pid()));
    environment.put("CRIU_BRIDGE_PARTICIPATION", word);
    assertParticipation("pre-dump", true);
  }

  @ParameterizedTest
  @CsvSource({"manifest.yaml, pre-restore", "bridge-status.json, plan-restore"})
  void participation_restoreOfOurImages_isOurs(String file, String phase) throws Exception {
    Files.createFile(images.resolve(file));
    environment.put("CRIU_BRIDGE_PARTICIPATION", "containers");
    assertParticipation(phase, true);
  }

  @ParameterizedTest
  @CsvSource({
    "participation: never, false",
    "participation: always, true",
    "participation: \"always\" # here, true",
    "'  participation: always', false",
    "other: always, false",
  })
  void participation_fromConfiguration(String line, boolean ours) throws Exception {
    environment.remove("CRIU_BRIDGE_PARTICIPATION");
    NativePrograms.write(directory.resolve("config.yaml"), "deadline: 3", line, "x: y");
    assertParticipation("pre-restore", ours);
  }

  @Test
  void participation_unknownWord_stopsCriu() throws Exception {
    environment.put("CRIU_BRIDGE_PARTICIPATION", "sometimes");
    Result result = phase("pre-dump");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.output()).contains("participation is \"sometimes\"; set it to auto");
    assertThat(base).doesNotExist();
  }

  @Test
  void participation_unreadableConfiguration_stopsCriu() throws Exception {
    environment.remove("CRIU_BRIDGE_PARTICIPATION");
    Files.createDirectory(directory.resolve("config.yaml"));
    Result result = phase("pre-dump");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.output()).contains("cannot read").contains("Is a directory");
  }

  @Test
  void nothingOfARun_staysOutsideItsDirectory() throws Exception {
    phase("pre-dump");
    try (Stream<Path> entries = Files.list(base)) {
      assertThat(entries).containsExactly(runDirectory());
    }
  }
}
