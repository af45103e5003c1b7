// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.criubridge.core.proc.ProcessDetails;
import io.criubridge.core.proc.ProcessTable;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class TwoNamespacePidRemapTest {

  @Test
  void resolve_treeBelowTheRoot_inTheOrderAsked() throws IOException {
    ProcessTable table =
        new ProcessTable(
            List.of(
                process(70, 1, 70, 1),
                process(71, 70, 71, 9),
                process(72, 71, 72, 12),
                // Another container.
                process(80, 1, 80, 1)));
    assertThat(TwoNamespacePidRemap.resolve(table, 70, List.of(12, 1))).containsExactly(72, 70);
  }

  @Test
  void resolve_deeperOrShallowerProcess_isRefusedByName() {
    ProcessTable deeper =
        new ProcessTable(List.of(process(70, 1, 70, 1), process(71, 70, 71, 9, 1)));
    assertThatExceptionOfType(PidRemapException.class)
        .isThrownBy(() -> TwoNamespacePidRemap.resolve(deeper, 70, List.of(1)))
        .withMessageContaining("process 71 is in 3 PID namespaces, not 2");
    assertThatExceptionOfType(PidRemapException.class)
        .isThrownBy(
            () ->
                TwoNamespacePidRemap.resolve(
                    new ProcessTable(List.of(process(1, 0, 1))), 1, List.of(1)))
        .withMessageContaining("is in 1 PID namespaces");
  }

  @Test
  void resolve_missing_areListed() {
    ProcessTable table = new ProcessTable(List.of(process(70, 1, 70, 1)));
    assertThatExceptionOfType(PidRemapException.class)
        .isThrownBy(() -> TwoNamespacePidRemap.resolve(table, 70, List.of(1, 8, 9)))
        .satisfies(e -> assertThat(e.missingPids()).containsExactly(8, 9));
    assertThatExceptionOfType(PidRemapException.class)
        .isThrownBy(() -> TwoNamespacePidRemap.resolve(table, 69, List.of(1)))
        .withMessageContaining("process 69, is not there");
  }

  @Test
  void resolve_onePidTwice_isRefused() {
    ProcessTable table = new ProcessTable(List.of(process(70, 1, 70, 1), process(71, 70, 71, 1)));
    assertThatExceptionOfType(PidRemapException.class)
        .isThrownBy(() -> TwoNamespacePidRemap.resolve(table, 70, List.of()))
        .satisfies(e -> assertThat(e.duplicatePids()).containsExactly(1));
  }

  private static ProcessDetails process(int observedPid, int parentPid, Integer... namespacePids) {
    return new ProcessDetails(
        observedPid, List.of(namespacePids), parentPid, 'S', "name", List.of(), 0, 100);
  }
}
