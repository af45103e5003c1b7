// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.criubridge.core.proc.ProcFs;
import io.criubridge.core.proc.ProcessGoneException;
import io.criubridge.core.proc.ProcessIdentity;
import io.criubridge.core.sys.Errno;
import io.criubridge.core.sys.ErrnoException;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProcessSignalTest {
  private static final int TERM = 15;
  private static final int ENDED_BY_TERM = 128 + TERM;

  private Process sleep;
  private int pid;

  @BeforeEach
  void start() throws IOException {
    sleep = new ProcessBuilder("sleep", "60").start();
    pid = Math.toIntExact(sleep.pid());
  }

  @AfterEach
  void stop() {
    sleep.destroyForcibly();
  }

  @Test
  void send_process_getsTheSignal() throws Exception {
    ProcessSignal.send(pid, 0);
    ProcessSignal.send(pid, TERM);
    assertThat(sleep.waitFor()).isEqualTo(ENDED_BY_TERM);
    assertThatExceptionOfType(ErrnoException.class)
        .isThrownBy(() -> ProcessSignal.send(pid, TERM))
        .withMessageContaining("pid=" + pid)
        .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.ESRCH));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
  void send_numberThatMeansMany_isRefused(int number) {
    // Only signal 0: a mistake must not end whoever runs this test.
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ProcessSignal.send(number, 0))
        .withMessageContaining(Integer.toString(number));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ProcessSignal.send(ProcFs.HOST, new ProcessIdentity(number, 1), 0));
  }

  @Test
  void send_theVeryProcess_getsTheSignal() throws Exception {
    ProcessSignal.send(ProcFs.HOST, ProcessIdentity.of(ProcFs.HOST, pid), TERM);
    assertThat(sleep.waitFor()).isEqualTo(ENDED_BY_TERM);
  }

  @Test
  void send_pidThatMeansAnotherByNow_isRefused() throws Exception {
    ProcessIdentity now = ProcessIdentity.of(ProcFs.HOST, pid);
    ProcessIdentity earlier = new ProcessIdentity(pid, now.startTimeTicks() - 1);
    assertThatExceptionOfType(ProcessGoneException.class)
        .isThrownBy(() -> ProcessSignal.send(ProcFs.HOST, earlier, TERM))
        .withMessageContaining("means another process by now [pid=" + pid + "]");
    assertThat(now.isAlive(ProcFs.HOST)).isTrue();
  }
}
