// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.criubridge.hooks.RunStatus.Result;
import io.criubridge.hooks.phase.Phase;
import io.criubridge.hooks.phase.Phase.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunStatusTest {

  private static final Instant AT = Instant.parse("2026-01-02T03:04:05.678Z");

  @TempDir Path directory;

  private Path file() {
    return directory.resolve("bridge-status.json");
  }

  private static PhaseStatus phase(Phase phase, Result result, String reason) {
    return new PhaseStatus(
        phase,
        result,
        reason,
        AT,
        Duration.ofNanos(1_500_000),
        Map.of("walk", Duration.ofNanos(250_000)),
        64 << 20);
  }

  private static RunStatus complete(Operation operation, Phase phase) {
    return RunStatus.started(operation)
        .with(phase(phase, Result.COMPLETE, ""))
        .ended(Result.COMPLETE, "");
  }

  @Test
  void write_isReadBackEqual() throws IOException {
    RunStatus dump =
        RunStatus.started(Operation.DUMP)
            .with(phase(Phase.PRE_DUMP, Result.COMPLETE, ""))
            .with(phase(Phase.POST_DUMP, Result.FAILED, "no \"space\"\nleft"));
    dump.write(file());
    assertThat(RunStatus.before(Phase.POST_DUMP, Operation.DUMP, file())).isEqualTo(dump);
    assertThat(directory).isDirectoryNotContaining("glob:**.tmp");
  }

  @Test
  void with_failedPhase_failsTheRunAndNamesThePhase() {
    RunStatus status =
        RunStatus.started(Operation.DUMP)
            .with(phase(Phase.POST_DUMP, Result.FAILED, "no space left"))
            .with(phase(Phase.ABORT, Result.COMPLETE, ""));
    assertThat(status.result()).isEqualTo(Result.FAILED);
    assertThat(status.reason()).isEqualTo("post-dump: no space left");
    assertThat(status.has(Phase.ABORT)).isTrue();
    assertThat(status.has(Phase.PRE_DUMP)).isFalse();
  }

  @Test
  void isRestoreOver_afterPostResumeOnly() {
    assertThat(complete(Operation.RESTORE, Phase.POST_RESTORE).isRestoreOver()).isFalse();
    assertThat(complete(Operation.RESTORE, Phase.POST_RESUME).isRestoreOver()).isTrue();
  }

  @Test
  void write_keepsTheOtherOperation() throws IOException {
    RunStatus dump = complete(Operation.DUMP, Phase.POST_DUMP);
    RunStatus restore = complete(Operation.RESTORE, Phase.POST_RESUME);
    dump.write(file());
    restore.write(file());
    assertThat(RunStatus.before(Phase.POST_DUMP, Operation.DUMP, file())).isEqualTo(dump);
    assertThat(RunStatus.before(Phase.POST_RESUME, Operation.RESTORE, file())).isEqualTo(restore);
    RunStatus.started(Operation.DUMP).write(file());
    assertThat(RunStatus.before(Phase.POST_RESUME, Operation.RESTORE, file())).isEqualTo(restore);
  }

  @Test
  void before_firstPhase_knowsNothingOfAnEarlierRun() throws IOException {
    complete(Operation.DUMP, Phase.POST_DUMP).write(file());
    assertThat(RunStatus.before(Phase.PRE_DUMP, Operation.DUMP, file()))
        .isEqualTo(RunStatus.started(Operation.DUMP));
  }

  @Test
  void before_noFile_isStarted() throws IOException {
    assertThat(RunStatus.before(Phase.POST_DUMP, Operation.DUMP, file()))
        .isEqualTo(RunStatus.started(Operation.DUMP));
  }

  @Test
  void before_phaseOfALaterVersion_isPassedOver() throws IOException {
    complete(Operation.DUMP, Phase.POST_DUMP).write(file());
    Files.writeString(file(), Files.readString(file()).replace("\"post-dump\"", "\"mid-dump\""));
    assertThat(RunStatus.before(Phase.POST_DUMP, Operation.DUMP, file()).phases()).isEmpty();
  }

  @Test
  void reasonOfFailedDump() throws IOException {
    assertThat(RunStatus.reasonOfFailedDump(file())).isEmpty();
    complete(Operation.RESTORE, Phase.POST_RESUME).write(file());
    assertThat(RunStatus.reasonOfFailedDump(file())).isEmpty();
    RunStatus.started(Operation.DUMP).write(file());
    assertThat(RunStatus.reasonOfFailedDump(file())).hasValue("it did not come to its end");
    RunStatus.started(Operation.DUMP).ended(Result.FAILED, "post-dump: full").write(file());
    assertThat(RunStatus.reasonOfFailedDump(file())).hasValue("post-dump: full");
    complete(Operation.DUMP, Phase.POST_DUMP).write(file());
    assertThat(RunStatus.reasonOfFailedDump(file())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"dump\": {\"result\": \"compl",
        "[1]",
        "",
        "\u00ff",
        "{\"dump\": 5}",
        "{\"dump\": {}}",
        "{\"dump\": {\"result\": \"fine\", \"phases\": []}}",
        "{\"dump\": {\"result\": [1], \"phases\": []}}",
        "{\"dump\": {\"result\": \"failed\", \"phases\": [{\"phase\": \"pre-dump\"}]}}",
      })
  void damagedFile_isNamed_andReplacedByTheNextWrite(String text) throws IOException {
    Files.write(file(), text.getBytes(ISO_8859_1));
    assertThatIOException()
        .isThrownBy(() -> RunStatus.reasonOfFailedDump(file()))
        .withMessageStartingWith(file() + ": not the status file");
    RunStatus dump = complete(Operation.DUMP, Phase.POST_DUMP);
    dump.write(file());
    assertThat(RunStatus.before(Phase.POST_DUMP, Operation.DUMP, file())).isEqualTo(dump);
  }
}
