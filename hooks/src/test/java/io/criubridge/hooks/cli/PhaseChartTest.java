// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.criubridge.hooks.PhaseStatus;
import io.criubridge.hooks.RunStatus;
import io.criubridge.hooks.RunStatus.Result;
import io.criubridge.hooks.phase.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PhaseChartTest {

  private static PhaseStatus phase(
      Phase phase, Result result, String reason, int millis, Map<String, Duration> parts) {
    return new PhaseStatus(
        phase, result, reason, Instant.EPOCH, Duration.ofMillis(millis), parts, 64 << 20);
  }

  @Test
  void phases_areBarsAndTheirParts() {
    Map<String, Duration> parts = new LinkedHashMap<>();
    parts.put("plan", Duration.ofMillis(20));
    parts.put("rehearsal", Duration.ofMillis(80));
    RunStatus status =
        RunStatus.started(Phase.Operation.DUMP)
            .with(phase(Phase.PRE_DUMP, Result.COMPLETE, "", 100, parts))
            .with(phase(Phase.POST_DUMP, Result.FAILED, "no space left", 25, Map.of()));
    assertThat(PhaseChart.of(status))
        .isEqualTo(
            """
            dump: failed: post-dump: no space left
              pre-dump          100.0 ms  ########################################  plan 20.0, rehearsal 80.0
              post-dump          25.0 ms  ##########                                failed
              most memory of the worker: 64.0 MiB
            """);
  }

  @Test
  void runWithoutPhases_isItsResult() {
    assertThat(PhaseChart.of(RunStatus.started(Phase.Operation.RESTORE)))
        .isEqualTo("restore: running\n");
  }
}
