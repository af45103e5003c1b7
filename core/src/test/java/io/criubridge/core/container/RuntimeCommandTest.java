// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.criubridge.core.container.RuntimeCommand.Checkpoint;
import io.criubridge.core.container.RuntimeCommand.Restore;
import io.criubridge.core.proc.ProcFs;
import io.criubridge.core.proc.RecordedProc;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RuntimeCommandTest {
  private static final Path HERE = Path.of("/here");
  private static final ContainerId BOX = new ContainerId("box");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/usr/bin/runc --root /rr --log /l --log-format json restore --image-path /i --bundle /b box",
        "runc --debug --root=/rr --systemd-cgroup restore --detach -b /b box",
        "docker-runc --root /other --root /rr restore --bundle=/b --work-path restore box",
      })
  void parse_restore(String line) {
    assertThat(parse(line)).hasValue(new Restore(Path.of("/rr"), BOX, Path.of("/b")));
  }

  @Test
  void parse_defaultsAndRelativePaths() {
    assertThat(parse("runc restore box"))
        .hasValue(new Restore(Path.of("/run/runc"), BOX, Path.of("/here")));
    assertThat(parse("crun --root rr restore --bundle b box"))
        .hasValue(new Restore(Path.of("/here/rr"), BOX, Path.of("/here/b")));
    assertThat(parse("/usr/bin/crun checkpoint box"))
        .hasValue(new Checkpoint(Path.of("/run/crun"), BOX));
  }

  @Test
  void parse_checkpoint() {
    assertThat(parse("runc --root /rr checkpoint --image-path /i --leave-running box"))
        .hasValue(new Checkpoint(Path.of("/rr"), BOX));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "runc",
        "runc restore",
        "runc --root /rr restore",
        "runc run box",
        "runc --log restore start box",
        "vim restore box",
        "criu restore box",
        "runc restore ../box",
      })
  void parse_anythingElse_isEmpty(String line) {
    assertThat(parse(line)).isEmpty();
  }

  @Test
  void find_recordedRestore_amongTheParents() throws IOException {
    ProcFs restore = RecordedProc.of("runc-restore");
    int criu = RecordedProc.only(restore, p -> p.commandLine().contains("1004")).observedPid();
    RuntimeAncestor ancestor = RuntimeAncestor.find(restore, criu).orElseThrow();
    assertThat(ancestor.pid()).isNotEqualTo(criu).isIn(restore.pids());
    assertThat(ancestor.command())
        .isEqualTo(
            new Restore(
                Path.of("/run/runc-record"),
                new ContainerId("demo-2"),
                Path.of("/tmp/criu-bridge-record")));
  }

  private static Optional<RuntimeCommand> parse(String line) {
    return RuntimeCommand.parse(line.isEmpty() ? List.of() : List.of(line.split(" ")), HERE);
  }
}
