// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.dump;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.criubridge.core.mount.MountDecision;
import io.criubridge.core.mount.MountDecision.Action;
import io.criubridge.core.proc.MountTable;
import io.criubridge.hooks.PhaseFailure;
import io.criubridge.hooks.plan.Directive;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DumpPlanTest {

  private static MountDecision decision(String place, Action action) throws IOException {
    String line = "9 5 8:1 / " + place + " rw - ext4 sda rw\n";
    return new MountDecision(
        MountTable.parse(line.getBytes(ISO_8859_1)).mounts().get(0), action, "");
  }

  @Test
  void directive_tellsCriuWhatWasDecided() throws IOException {
    assertThat(DumpPlan.directive(decision("/a\\040b", Action.EXTERNALIZE)))
        .hasValue(new Directive.External("mnt[/a b]:/a b"));
    assertThat(DumpPlan.directive(decision("/proc/keys", Action.MASK)))
        .hasValue(new Directive.External("mnt[/proc/keys]:/dev/null"));
    assertThat(DumpPlan.directive(decision("/run/x", Action.SKIP)))
        .hasValue(new Directive.SkipMount("/run/x"));
  }

  @ParameterizedTest
  @EnumSource(names = {"NATIVE", "LEAVE_TO_CALLER"})
  void directive_othersNeedNone(Action action) throws IOException {
    assertThat(DumpPlan.directive(decision("/a]:/etc", action))).isEmpty();
  }

  @Test
  void directive_placeThatReadsAsAnothersKey_isRefused() throws IOException {
    MountDecision hostile = decision("/data]:/etc", Action.EXTERNALIZE);
    assertThatExceptionOfType(PhaseFailure.class)
        .isThrownBy(() -> DumpPlan.directive(hostile))
        .withMessageStartingWith("/data]:/etc: ");
  }
}
