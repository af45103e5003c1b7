// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.criubridge.core.proc.ProcFs;
import io.criubridge.hooks.phase.Phase.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SwrkProcessTest {

  @TempDir private Path temp;

  private SwrkProcess start(String relay) throws IOException {
    Path script = temp.resolve("relay");
    Files.writeString(script, "#!/bin/sh\necho $$ >%s\n%s\n".formatted(temp.resolve("pid"), relay));
    assertThat(script.toFile().setExecutable(true)).isTrue();
    return SwrkProcess.start(
        new CriuPrograms(Path.of("/bin/true"), script),
        Operation.DUMP,
        Optional.empty(),
        List.of(),
        ProcFs.HOST);
  }

  @Test
  void start_greetingThatIsNone_leavesNoProcess() throws Exception {
    assertThatException().isThrownBy(() -> start("printf '\\0\\0\\0\\3abc'; exec sleep 1000"));
    long pid = Long.parseLong(Files.readString(temp.resolve("pid")).strip());
    Optional<ProcessHandle> left = ProcessHandle.of(pid);
    if (left.isPresent()) {
      left.get().onExit().get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void start_noGreeting_saysWhatTheRelaySaid() {
    assertThatIOException()
        .isThrownBy(() -> start("echo 'no socket' >&2"))
        .withMessage("criu-swrk: no socket");
  }

  @Test
  void end_relayKilledBefore_waitsForCriuAsWell() throws Exception {
    String criu =
        "sleep 0.5 >/dev/null & p=$!; "
            + "printf \"\\\\0\\\\0\\\\0\\\\$(printf %03o ${#p})%s\" $p; kill -KILL $$";
    try (SwrkProcess process = start(criu)) {
      assertThat(process.receive()).isEmpty();
      assertThat(process.isRunning()).isTrue();
      assertThat(process.end()).isEqualTo(137);
      assertThat(process.isRunning()).isFalse();
    }
  }
}
