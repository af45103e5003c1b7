// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.install;

import java.io.IOException;

/** An installation that was refused before anything was changed, and why. */
public final class InstallException extends IOException {
  private static final long serialVersionUID = 1;

  InstallException(String message) {
    super(message);
  }
}
