// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.criubridge.core.checkpoint.CheckpointLayout;
import io.criubridge.core.checkpoint.ManifestException;
import io.criubridge.hooks.RunStatus.Result;
import io.criubridge.hooks.phase.Phase;
import io.criubridge.hooks.phase.Phase.Operation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PhaseDispatcherTest {

  @TempDir Path temp;
  private RunOfThisProcess run;
  private final List<String> lines = new ArrayList<>();
  private final List<Phase> handled = new ArrayList<>();

  @BeforeEach
  void make() throws IOException {
    run = RunOfThisProcess.in(temp.toRealPath());
  }

  private PhaseDispatcher dispatcher(PhaseHandler postDump) {
    PhaseHandler count = (context, report) -> handled.add(context.phase());
    PhaseHandler countAndDo =
        (context, report) -> {
          handled.add(context.phase());
          postDump.run(context, report);
        };
    return new PhaseDispatcher(
        run.directory(), Map.of(Phase.PRE_DUMP, count, Phase.POST_DUMP, countAndDo));
  }

  private int dispatch(PhaseDispatcher dispatcher, String action) {
    return dispatcher.dispatch(run.environment(action), lines::add);
  }

  private Path statusFile() {
    return new CheckpointLayout(run.images()).status();
  }

  @Test
  void dispatch_samePhaseTwice_isDoneOnce() {
    PhaseDispatcher dispatcher = dispatcher((context, report) -> report.line("%d lines", 1));
    assertThat(dispatch(dispatcher, "pre-dump")).isZero();
    assertThat(dispatch(dispatcher, "pre-dump")).isZero();
    assertThat(dispatch(dispatcher, "post-dump")).isZero();
    assertThat(dispatch(dispatcher, "post-dump")).isZero();
    assertThat(handled).containsExactly(Phase.PRE_DUMP, Phase.POST_DUMP);
    assertThat(lines).containsExactly("1 lines");
    assertThat(run.directory().path().resolve("deadlines")).exists();
  }

  @Test
  void dispatch_logsALineWithTheTimesOfThePhasesParts() {
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    PhaseHandler inParts =
        (context, report) -> {
          report.done("plan");
          report.done("files");
        };
    PhaseHandler failing =
        (context, report) -> {
          report.done("plan");
          throw new PhaseFailure(PhaseFailure.DATA, "no space left");
        };
    PhaseDispatcher dispatcher =
        new PhaseDispatcher(
            run.directory(),
            Map.of(Phase.PRE_DUMP, inParts, Phase.POST_DUMP, failing),
            new PrintStream(log, true, UTF_8));
    dispatch(dispatcher, "pre-dump");
    dispatch(dispatcher, "post-dump");
    String number = "\\d+\\.\\d";
    assertThat(log.toString(UTF_8))
        .matches(
            ("criu-bridge pre-dump COMPLETE ms=# plan=# files=# \n"
                    + "criu-bridge post-dump FAILED ms=# plan=# no space left\n")
                .replace("#", number));
  }

  @Test
  void dispatch_failureTwice_hasTheSameCodeAndIsReportedOnce() throws IOException {
    PhaseDispatcher dispatcher =
        dispatcher(
            (context, report) -> {
              throw new PhaseFailure(PhaseFailure.DATA, "first\nsecond");
            });
    assertThat(dispatch(dispatcher, "post-dump")).isEqualTo(PhaseFailure.DATA);
    assertThat(dispatch(dispatcher, "post-dump")).isEqualTo(PhaseFailure.DATA);
    assertThat(lines).containsExactly("first", "second");
    assertThat(dispatcher.status()).map(RunStatus::result).hasValue(Result.FAILED);
    assertThat(RunStatus.reasonOfFailedDump(statusFile())).hasValue("post-dump: first\nsecond");
  }

  @Test
  void dispatch_exitCodesAndMessages() {
    assertFailure(new ManifestException("m: damaged"), PhaseFailure.DATA, "m: damaged");
    assertFailure(new IOException("disk on fire"), PhaseFailure.IO, "disk on fire");
    assertFailure(new AccessDeniedException("/x"), PhaseFailure.IO, "AccessDeniedException: /x");
    assertFailure(
        new AccessDeniedException("/x", null, "read-only"), PhaseFailure.IO, "/x: read-only");
    assertFailure(
        new IllegalStateException("surprise"),
        PhaseFailure.SOFTWARE,
        "this is a bug of criu-bridge, please report it: IllegalStateException: surprise");
  }

  private void assertFailure(Exception thrown, int exitCode, String line) {
    lines.clear();
    PhaseDispatcher dispatcher =
        dispatcher(
            (context, report) -> {
              if (thrown instanceof IOException e) {
                throw e;
              }
              throw (RuntimeException) thrown;
            });
    assertThat(dispatch(dispatcher, "post-dump")).isEqualTo(exitCode);
    assertThat(lines.get(0)).isEqualTo(line);
    assertThat(lines.subList(1, lines.size())).as("a trace").allMatch(l -> l.startsWith("  at "));
  }

  @Test
  void dispatch_phaseWithoutHandler_isABug() {
    assertThat(dispatch(dispatcher((context, report) -> {}), "post-resume"))
        .isEqualTo(PhaseFailure.SOFTWARE);
    assertThat(lines.get(0)).contains("no handler for post-resume");
  }

  @Test
  void dispatch_configurationError_failsBeforeTheHandler() {
    Map<String, String> environment = run.environment("pre-dump");
    environment.put("CRIU_BRIDGE_POLICY", "none");
    PhaseDispatcher dispatcher = dispatcher((context, report) -> {});
    assertThat(dispatcher.dispatch(environment, lines::add)).isEqualTo(PhaseFailure.CONFIG);
    assertThat(lines)
        .singleElement()
        .asString()
        .startsWith("environment variable CRIU_BRIDGE_POLICY");
    assertThat(handled).isEmpty();
    assertThat(dispatcher.run()).isEmpty();
    assertThat(dispatch(dispatcher, "pre-dump")).as("once it is right").isZero();
  }

  @Test
  void dispatch_bugWhileReadingTheEnvironment_isReported() {
    Map<String, String> environment = run.environment("pre-dump");
    environment.put("CRTOOLS_IMAGE_DIR", "/a\0b");
    assertThat(dispatcher((context, report) -> {}).dispatch(environment, lines::add))
        .isEqualTo(PhaseFailure.SOFTWARE);
    assertThat(lines.get(0)).contains("bug of criu-bridge");
  }

  @Test
  void dispatch_successfulPostDump_isCompleteInTheFileBeforeCriuEnds() throws IOException {
    PhaseDispatcher dispatcher = dispatcher((context, report) -> {});
    dispatch(dispatcher, "pre-dump");
    dispatch(dispatcher, "post-dump");
    RunStatus written = RunStatus.before(Phase.POST_DUMP, Operation.DUMP, statusFile());
    assertThat(written.has(Phase.POST_DUMP)).isTrue();
    assertThat(written.result()).isEqualTo(Result.COMPLETE);
  }

  @Test
  void dispatch_laterPhaseInAnotherJvm_goesOnFromTheFile() {
    dispatch(dispatcher((context, report) -> {}), "pre-dump");
    PhaseDispatcher cold = dispatcher((context, report) -> {});
    dispatch(cold, "post-dump");
    assertThat(cold.status().orElseThrow().phases())
        .extracting(PhaseStatus::phase)
        .containsExactly(Phase.PRE_DUMP, Phase.POST_DUMP);
  }

  @Test
  void dispatch_damagedStatusFile_failsNothing() throws IOException {
    Files.writeString(statusFile(), "{\"dump\": {\"resu");
    PhaseDispatcher dispatcher = dispatcher((context, report) -> {});
    assertThat(dispatch(dispatcher, "post-dump")).isZero();
    assertThat(lines).singleElement().asString().startsWith("what the status file tells is lost:");
  }

  @Test
  void dispatch_statusFileCannotBeWritten_failsNothing() throws IOException {
    Files.createDirectories(statusFile().resolve("in-the-way"));
    PhaseDispatcher dispatcher = dispatcher((context, report) -> {});
    assertThat(dispatch(dispatcher, "pre-dump")).isZero();
    assertThat(lines).singleElement().asString().startsWith("the status file could not be written");
  }

  @Test
  void dispatch_launcherGone_isAFailureThatIsRecorded() throws IOException {
    PhaseDispatcher dispatcher = dispatcher((context, report) -> report.line("complete"));
    Report broken =
        line -> {
          throw new IOException("Broken pipe");
        };
    assertThat(dispatcher.dispatch(run.environment("post-dump"), broken))
        .isEqualTo(PhaseFailure.IO);
    assertThat(RunStatus.reasonOfFailedDump(statusFile())).hasValue("post-dump: Broken pipe");
  }
}
