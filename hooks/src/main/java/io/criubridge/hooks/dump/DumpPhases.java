// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.dump;

import io.criubridge.hooks.MachineReader;
import io.criubridge.hooks.PhaseHandler;
import io.criubridge.hooks.phase.Phase;
import java.util.Map;

/** The handlers of a dump. */
public final class DumpPhases {

  private DumpPhases() {}

  /**
   * Makes the handlers of one run.
   *
   * @param claim keeps others out of the image directory
   */
  public static Map<Phase, PhaseHandler> handlers(DumpClaim claim) {
    MachineReader machine = new MachineReader();
    ContainerFinder finder = new ContainerFinder();
    FirstCopy copy = new FirstCopy();
    FrozenContainer container = new FrozenContainer(copy);
    Rehearsal rehearsal = new Rehearsal(machine, finder, copy);
    return Map.of(
        Phase.PRE_DUMP, new PreDump(claim, machine, finder, rehearsal, copy),
        Phase.NETWORK_LOCK, new NetworkLock(finder, container),
        Phase.POST_DUMP, new PostDump(claim, machine, finder, container));
  }
}
