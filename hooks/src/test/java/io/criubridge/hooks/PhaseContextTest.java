// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.criubridge.hooks.phase.Phase;
import io.criubridge.hooks.phase.Phase.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PhaseContextTest {

  @TempDir Path temp;
  private RunOfThisProcess run;

  @BeforeEach
  void make() throws IOException {
    run = RunOfThisProcess.in(temp.toRealPath());
  }

  private PhaseContext read(Map<String, String> environment) throws IOException {
    return PhaseContext.of(environment, run.directory(), Optional.empty());
  }

  @Test
  void of_allVariables() throws IOException {
    PhaseContext context = read(run.environment("post-dump"));
    assertThat(context.phase()).isEqualTo(Phase.POST_DUMP);
    assertThat(context.operation()).isEqualTo(Operation.DUMP);
    assertThat(context.requiredInitPid()).isEqualTo(run.directory().criu().pid());
    assertThat(context.abortedPhase()).isEmpty();
    assertThat(context.run().imageDirectory()).isEqualTo(run.images());
    assertThat(context.run().workDirectory()).isEqualTo(Path.of("").toAbsolutePath());
    assertThat(context.run().criu()).isEqualTo(run.directory().criu());
    assertThat(context.run().commandLine().isRpc()).isFalse();
  }

  @Test
  void of_imageDirectoryIsALink_theRealPathIsKept() throws IOException {
    Map<String, String> environment = run.environment("pre-restore");
    Path link = Files.createSymbolicLink(temp.resolve("descriptor"), run.images());
    environment.put("CRTOOLS_IMAGE_DIR", link.toString());
    assertThat(read(environment).run().imageDirectory()).isEqualTo(run.images());
  }

  @Test
  void of_imageDirectoryClosedSince_isTheOneRemembered() throws IOException {
    Map<String, String> environment = run.environment("post-resume");
    environment.put("CRTOOLS_IMAGE_DIR", temp.resolve("closed").toString());
    assertThatExceptionOfType(PhaseFailure.class)
        .isThrownBy(() -> read(environment))
        .withMessageContaining("CRTOOLS_IMAGE_DIR=")
        .satisfies(e -> assertThat(e.exitCode()).isEqualTo(PhaseFailure.IO));
    read(run.environment("pre-restore"));
    assertThat(read(environment).run().imageDirectory()).isEqualTo(run.images());
  }

  @Test
  void of_knownRun_isNotReadAgain() throws IOException {
    CriuRun known = read(run.environment("pre-dump")).run();
    Map<String, String> environment = run.environment("post-dump");
    environment.remove("CRTOOLS_IMAGE_DIR");
    assertThat(PhaseContext.of(environment, run.directory(), Optional.of(known)).run())
        .isSameAs(known);
  }

  @ParameterizedTest
  @ValueSource(strings = {"CRTOOLS_SCRIPT_ACTION", "CRTOOLS_IMAGE_DIR"})
  void of_missingVariable_isNamed(String name) {
    Map<String, String> environment = run.environment("pre-dump");
    environment.remove(name);
    assertThatExceptionOfType(PhaseFailure.class)
        .isThrownBy(() -> read(environment))
        .withMessageStartingWith(name + " is not set")
        .satisfies(e -> assertThat(e.exitCode()).isEqualTo(PhaseFailure.CONFIG));
  }

  @Test
  void of_phaseThatIsNotOurs_isNamed() {
    assertThatExceptionOfType(PhaseFailure.class)
        .isThrownBy(() -> read(run.environment("network-unlock")))
        .withMessageContaining("CRTOOLS_SCRIPT_ACTION=network-unlock");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "0", "-1", "99999999999"})
  void of_wrongInitPid_isNamed(String pid) {
    Map<String, String> environment = run.environment("post-dump");
    environment.put("CRTOOLS_INIT_PID", pid);
    assertThatExceptionOfType(PhaseFailure.class)
        .isThrownBy(() -> read(environment))
        .withMessage("CRTOOLS_INIT_PID=" + pid + " is not a PID");
  }

  @Test
  void requiredInitPid_notSet_namesThePhase() throws IOException {
    Map<String, String> environment = run.environment("pre-restore");
    environment.remove("CRTOOLS_INIT_PID");
    PhaseContext context = read(environment);
    assertThatExceptionOfType(PhaseFailure.class)
        .isThrownBy(context::requiredInitPid)
        .withMessageContaining("CRTOOLS_INIT_PID in pre-restore");
  }

  @Test
  void operation_ofAnAbort_isThatOfThePhaseItEnds() throws IOException {
    Map<String, String> environment = run.environment("abort");
    assertThat(read(environment).operation()).isEqualTo(Operation.EITHER);
    environment.put("CRIU_BRIDGE_ABORTED_PHASE", "pre-restore");
    assertThat(read(environment).operation()).isEqualTo(Operation.RESTORE);
    assertThat(read(environment).abortedPhase()).hasValue(Phase.PRE_RESTORE);
  }
}
