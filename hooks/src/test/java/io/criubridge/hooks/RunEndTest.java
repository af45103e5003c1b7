// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import io.criubridge.core.checkpoint.CheckpointLayout;
import io.criubridge.hooks.RunStatus.Result;
import io.criubridge.hooks.phase.Phase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunEndTest {

  @TempDir Path temp;
  private RunOfThisProcess run;
  private CheckpointLayout layout;

  @BeforeEach
  void make() throws IOException {
    run = RunOfThisProcess.in(temp.toRealPath());
    layout = new CheckpointLayout(run.images());
  }

  private PhaseDispatcher after(PhaseHandler handler, String... phases) {
    PhaseDispatcher dispatcher =
        new PhaseDispatcher(
            run.directory(),
            Map.of(
                Phase.PRE_DUMP,
                (context, report) -> {},
                Phase.POST_DUMP,
                handler,
                Phase.PRE_RESTORE,
                handler,
                Phase.POST_RESUME,
                (context, report) -> {}));
    for (String phase : phases) {
      dispatcher.dispatch(run.environment(phase), line -> {});
    }
    return dispatcher;
  }

  private void makeAll() throws IOException {
    for (Path file : layout.filesOfADump()) {
      Files.writeString(file, "made by a dump");
    }
    Files.writeString(run.images().resolve("inventory.img"), "CRIU's");
    Files.writeString(run.images().resolve(".manifest.yaml.criu-bridge.tmp"), "torn");
  }

  private RunStatus status(Phase later) throws IOException {
    PhaseDispatcher reader =
        new PhaseDispatcher(run.directory(), Map.of(later, (context, report) -> {}));
    reader.dispatch(run.environment(later.action()), line -> {});
    return reader.status().orElseThrow();
  }

  private void assertWithdrawn() {
    assertThat(run.images()).isDirectoryNotContaining("glob:**.tmp");
    assertThat(layout.filesOfADump()).noneMatch(Files::exists);
    assertThat(run.images().resolve("inventory.img")).as("is not ours").exists();
    assertThat(layout.status()).content().contains("\"failed\"");
  }

  @Test
  void finish_failedPostDump_withdrawsAndKeepsTheReason() throws IOException {
    makeAll();
    PhaseDispatcher dispatcher =
        after(
            (context, report) -> {
              throw new PhaseFailure(PhaseFailure.IO, "no space left");
            },
            "pre-dump",
            "post-dump");
    RunEnd.finish(dispatcher, RunEnd.Outcome.FAILED);
    assertWithdrawn();
    assertThat(RunStatus.reasonOfFailedDump(layout.status())).hasValue("post-dump: no space left");
  }

  /** The worker of a dump was lost, and the next one has begun where it was. */
  @Test
  void finish_directoryOfAnotherRun_isLeftAsItIs() throws IOException {
    makeAll();
    Files.writeString(layout.status(), "of another run");
    PhaseDispatcher dispatcher =
        after(
            (context, report) -> {
              throw new DirectoryInUse(run.images());
            },
            "post-dump");
    RunEnd.finish(dispatcher, RunEnd.Outcome.UNKNOWN);
    assertThat(layout.filesOfADump()).allMatch(Files::exists);
    assertThat(layout.status()).hasContent("of another run");
  }

  @Test
  void finish_criuEndedBeforePostDump_withdraws() throws IOException {
    makeAll();
    RunEnd.finish(after((context, report) -> {}, "pre-dump"), RunEnd.Outcome.FAILED);
    assertWithdrawn();
  }

  @Test
  void finish_criuFailedAfterPostDump_withdraws() throws IOException {
    makeAll();
    RunEnd.finish(after((context, report) -> {}, "pre-dump", "post-dump"), RunEnd.Outcome.FAILED);
    assertWithdrawn();
    assertThat(RunStatus.reasonOfFailedDump(layout.status()).orElseThrow())
        .contains("wrote no statistics");
  }

  @Test
  void finish_completeDump_keepsEverything() throws IOException {
    makeAll();
    RunEnd.finish(after((context, report) -> {}, "pre-dump", "post-dump"), RunEnd.Outcome.COMPLETE);
    assertThat(layout.filesOfADump()).allMatch(Files::exists);
    assertThat(RunStatus.reasonOfFailedDump(layout.status())).isEmpty();
  }

  @Test
  void finish_criuStillRunsAfterPostDump_keepsEverything() throws IOException {
    makeAll();
    RunEnd.finish(after((context, report) -> {}, "pre-dump", "post-dump"), RunEnd.Outcome.UNKNOWN);
    assertThat(layout.filesOfADump()).allMatch(Files::exists);
  }

  @Test
  void finish_failedRestore_keepsTheCheckpoint() throws IOException {
    makeAll();
    PhaseDispatcher dispatcher =
        after(
            (context, report) -> {
              throw new PhaseFailure(PhaseFailure.CONFIG, "no root");
            },
            "pre-restore");
    RunEnd.finish(dispatcher, RunEnd.Outcome.FAILED);
    assertThat(layout.filesOfADump()).allMatch(Files::exists);
    assertThat(status(Phase.POST_RESTORE).reason()).isEqualTo("pre-restore: no root");
  }

  @Test
  void finish_restoreThatDidNotResume_isFailed() throws IOException {
    RunEnd.finish(after((context, report) -> {}, "pre-restore"), RunEnd.Outcome.FAILED);
    assertThat(status(Phase.POST_RESTORE).result()).isEqualTo(Result.FAILED);
  }

  @Test
  void finish_restoreThatResumed_isComplete() throws IOException {
    RunEnd.finish(
        after((context, report) -> {}, "pre-restore", "post-resume"), RunEnd.Outcome.UNKNOWN);
    assertThat(status(Phase.POST_RESTORE).result()).isEqualTo(Result.COMPLETE);
  }

  @Test
  void finish_nothingCame_doesNothing() throws IOException {
    makeAll();
    RunEnd.finish(after((context, report) -> {}), RunEnd.Outcome.FAILED);
    assertThat(layout.filesOfADump()).allMatch(Files::exists);
    assertThat(layout.status()).doesNotExist();
  }

  @Test
  void finish_imageDirectoryGone_doesNothing() throws IOException {
    PhaseDispatcher dispatcher = after((context, report) -> {}, "pre-dump");
    Files.delete(layout.status());
    Files.delete(run.images());
    RunEnd.finish(dispatcher, RunEnd.Outcome.FAILED);
    assertThat(run.images()).doesNotExist();
  }
}
