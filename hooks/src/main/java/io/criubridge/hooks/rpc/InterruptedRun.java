// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.rpc;

import java.io.IOException;

/** The user had the run given up. */
public final class InterruptedRun extends IOException {

  private static final long serialVersionUID = 1L;

  InterruptedRun() {
    super("interrupted");
  }
}
