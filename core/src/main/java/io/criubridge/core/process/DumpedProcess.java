// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.process;

/**
 * A process as the checkpoint knows it.
 *
 * @param innermostPid its PID at dump time, in the PID namespace of the dumped tree's root
 * @param comm its command name, for messages
 */
public record DumpedProcess(int innermostPid, String comm) {

  @Override
  public String toString() {
    return innermostPid + " (" + comm + ")";
  }
}
