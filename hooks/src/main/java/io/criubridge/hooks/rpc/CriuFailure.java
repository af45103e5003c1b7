// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.rpc;

import java.io.IOException;

/** CRIU did not do what it was asked. The message holds CRIU's own errors. */
public final class CriuFailure extends IOException {

  private static final long serialVersionUID = 1L;

  CriuFailure(String message) {
    super(message);
  }
}
