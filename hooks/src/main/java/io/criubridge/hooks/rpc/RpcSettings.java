// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.rpc;

import io.criubridge.hooks.Report;
import java.util.HashMap;
import java.util.Map;

/**
 * What every run over the RPC needs.
 *
 * @param programs CRIU, and what runs it
 * @param environment with the {@code CRIU_BRIDGE_*} variables
 * @param interruption when the user wants it to end
 * @param progress gets a line for each phase that is done
 * @param details gets the lines that phases have for CRIU's log
 */
public record RpcSettings(
    CriuPrograms programs,
    Map<String, String> environment,
    Interruption interruption,
    Report progress,
    Report details) {

  /** Copies the map. */
  public RpcSettings {
    environment = Map.copyOf(environment);
  }

  /** With variables that take the place of others. */
  RpcSettings with(Map<String, String> variables) {
    Map<String, String> all = new HashMap<>(environment);
    all.putAll(variables);
    return new RpcSettings(programs, all, interruption, progress, details);
  }
}
