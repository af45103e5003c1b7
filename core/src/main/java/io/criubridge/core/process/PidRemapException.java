// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.process;

import java.io.IOException;
import java.util.List;

/** Dumped and restored processes do not match one to one. */
public final class PidRemapException extends IOException {
  private static final long serialVersionUID = 1;

  private final List<Integer> missingPids;
  private final List<Integer> duplicatePids;

  PidRemapException(String message, List<Integer> missingPids, List<Integer> duplicatePids) {
    super(message);
    this.missingPids = List.copyOf(missingPids);
    this.duplicatePids = List.copyOf(duplicatePids);
  }

  /** Dump-time PIDs that no restored process has. */
  public List<Integer> missingPids() {
    return missingPids;
  }

  /** Dump-time PIDs dumped more than once, or that several restored processes have. */
  public List<Integer> duplicatePids() {
    return duplicatePids;
  }
}
