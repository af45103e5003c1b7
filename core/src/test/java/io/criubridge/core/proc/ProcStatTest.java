// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.proc;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProcStatTest {
  private static final String ODD_NAME = ") Z 0\n\udcff(";
  private final ProcFs states = RecordedProc.of("process-states");

  @Test
  void read_nameOfAnyBytes() throws IOException {
    ProcessDetails process =
        RecordedProc.only(states, p -> p.comm().equals(ODD_NAME) && p.state() != 'Z');
    ProcStat stat = ProcStat.read(states, process.observedPid());
    assertThat(stat.pid()).isEqualTo(process.observedPid());
    assertThat(stat.comm()).isEqualTo(ODD_NAME);
    assertThat(stat.state()).isEqualTo('S');
    assertThat(stat.startTimeTicks()).isPositive();
    assertThat(stat.hasEnded()).isFalse();
    assertThatNoException().isThrownBy(() -> ProcStat.requireAlive(states, stat.pid()));
  }

  @Test
  void requireAlive_zombies_saysHowTheyEnded() throws IOException {
    for (ProcessDetails process : ProcessTable.readAll(states).processes()) {
      if (process.state() == 'Z') {
        WaitStatus end = ProcStat.read(states, process.observedPid()).exitStatus();
        assertThat(end.toString()).isIn("exit code 3", "signal 9");
        assertThatExceptionOfType(DeadProcessException.class)
            .isThrownBy(() -> ProcStat.requireAlive(states, process.observedPid()))
            .withMessageContaining("process " + process.observedPid())
            .withMessageContaining("state Z, " + end)
            .satisfies(e -> assertThat(e.exitStatus()).isEqualTo(end));
      }
    }
  }

  @Test
  void requireAlive_noSuchProcess_isGone() {
    assertThatExceptionOfType(ProcessGoneException.class)
        .isThrownBy(() -> ProcStat.requireAlive(states, 999_999))
        .withMessageContaining("ENOENT [pid=999999]")
        .satisfies(e -> assertThat(e.pid()).isEqualTo(999_999));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1 sh S 0",
        "1 (sh) S 0 1 2 3",
        "x (sh) S 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 9 0",
        "1 (sh) S x 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 9 0",
      })
  void parse_malformed_isNamed(String stat) {
    assertThatExceptionOfType(ProcFormatException.class)
        .isThrownBy(() -> ProcStat.parse(stat.getBytes(ISO_8859_1)))
        .withMessageStartingWith("stat line 1: ");
  }

  @Test
  void waitStatus_decodes() {
    assertThat(new WaitStatus(0x300).exitCode()).isEqualTo(3);
    assertThat(new WaitStatus(0x8b)).hasToString("signal 11 (core dumped)");
    assertThat(new WaitStatus(9).signal()).isEqualTo(9);
    assertThat(new WaitStatus(9).exitCode()).isZero();
  }
}
