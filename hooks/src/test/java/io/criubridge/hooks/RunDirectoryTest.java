// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.criubridge.core.proc.ProcFs;
import io.criubridge.core.proc.ProcessIdentity;
import io.criubridge.hooks.phase.Phase;
import io.criubridge.hooks.plan.Directive;
import io.criubridge.hooks.plan.Plan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunDirectoryTest {

  @TempDir Path base;

  private RunDirectory make(String name) throws IOException {
    return RunDirectory.of(Files.createDirectory(base.resolve(name)));
  }

  private RunDirectory ofThisProcess() throws IOException {
    ProcessIdentity self = ProcessIdentity.of(ProcFs.HOST, (int) ProcessHandle.current().pid());
    return make(self.pid() + "-" + self.startTimeTicks());
  }

  @Test
  void of_nameIsTheCriuProcess() {
    assertThat(RunDirectory.of(Path.of("/run/criu-bridge/4242-1234567890123")).criu())
        .isEqualTo(new ProcessIdentity(4242, 1234567890123L));
  }

  @Test
  void overRpc_nameIsNotThatOfThePlugin() {
    RunDirectory run = RunDirectory.overRpc(base, new ProcessIdentity(4242, 17));
    assertThat(run).isEqualTo(RunDirectory.of(base.resolve("rpc-4242-17")));
    assertThat(run.criu()).isEqualTo(new ProcessIdentity(4242, 17));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/run/x", "/run/1", "/run/1-2-3", "/run/1-x", "/run/99999999999-1"})
  void of_otherName_isRefused(String path) {
    assertThatIllegalArgumentException().isThrownBy(() -> RunDirectory.of(Path.of(path)));
  }

  @Test
  void publish_planAndDeadlines() throws IOException {
    RunDirectory run = make("1-2");
    run.publish(new Plan(List.of(new Directive.SkipMount("/a b"))));
    run.publishDeadlines(
        Map.of(Phase.POST_DUMP, Duration.ofSeconds(30), Phase.ABORT, Duration.ofMillis(5)));
    assertThat(run.path().resolve("plan"))
        .hasContent("criu-bridge-plan 1\nskip-mount /a\\040b\nend\n");
    assertThat(run.path().resolve("deadlines")).hasContent("abort 5\npost-dump 30000\n");
    assertThat(run.isPlanApplied()).isFalse();
    Files.createFile(run.path().resolve("plan.applied"));
    assertThat(run.isPlanApplied()).isTrue();
  }

  @Test
  void imageDirectory_isRemembered() throws IOException {
    RunDirectory run = make("1-2");
    assertThat(run.imageDirectory()).isEmpty();
    run.rememberImageDirectory(Path.of("/images/\u00e9"));
    assertThat(run.imageDirectory()).hasValue(Path.of("/images/\u00e9"));
  }

  @Test
  void remove_takesDirectoriesToo_andFollowsNoLink(@TempDir Path elsewhere) throws IOException {
    RunDirectory run = make("1-2");
    Files.createFile(elsewhere.resolve("kept"));
    Files.createFile(run.socket());
    Files.createDirectories(run.path().resolve("rehearsal/sample"));
    Files.createFile(run.path().resolve("rehearsal/sample/file"));
    Files.createSymbolicLink(run.path().resolve("rehearsal/link"), elsewhere);
    run.remove();
    assertThat(run.path()).doesNotExist();
    assertThat(elsewhere.resolve("kept")).exists();
    run.remove();
  }

  @Test
  void removeStaleSiblings_keepsThoseOfLiveProcesses() throws IOException {
    RunDirectory own = make("1-1");
    RunDirectory live = ofThisProcess();
    RunDirectory reused = make(live.criu().pid() + "-1");
    RunDirectory dead = make("999999999-5");
    RunDirectory deadOverRpc = make("rpc-999999999-5");
    Files.createFile(dead.socket());
    Files.createDirectory(dead.path().resolve("rehearsal"));
    Path other = Files.createDirectory(base.resolve("not-a-run"));
    own.removeStaleSiblings(ProcFs.HOST);
    assertThat(own.path()).as("never its own").exists();
    assertThat(live.path()).exists();
    assertThat(other).exists();
    assertThat(reused.path()).doesNotExist();
    assertThat(dead.path()).doesNotExist();
    assertThat(deadOverRpc.path()).doesNotExist();
  }
}
