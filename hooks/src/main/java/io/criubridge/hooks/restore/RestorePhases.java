// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.restore;

import io.criubridge.hooks.MachineReader;
import io.criubridge.hooks.PhaseHandler;
import io.criubridge.hooks.phase.Phase;
import java.util.Map;
import java.util.Optional;

/** The handlers of a restore. */
public final class RestorePhases {

  private RestorePhases() {}

  /** Makes the handlers of one run. */
  public static Map<Phase, PhaseHandler> handlers() {
    return handlers(Optional.empty());
  }

  /** Makes the handlers of one run that restores into a container. */
  public static Map<Phase, PhaseHandler> handlers(Optional<Placeholder> placeholder) {
    CheckedCheckpoint checkpoint = new CheckedCheckpoint(new MachineReader());
    return Map.of(
        Phase.PLAN_RESTORE, new PlanRestore(checkpoint, placeholder),
        Phase.PRE_RESTORE, new PreRestore(checkpoint, placeholder),
        Phase.POST_RESTORE, new PostRestore(checkpoint, placeholder),
        Phase.POST_RESUME, new PostResume());
  }
}
