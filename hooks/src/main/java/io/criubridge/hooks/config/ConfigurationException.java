// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.config;

import java.io.IOException;

/** A setting that is unknown or wrong. The message begins with the file and line, or variable. */
public final class ConfigurationException extends IOException {

  private static final long serialVersionUID = 1L;

  /** Makes an error whose message names the place and what is expected there. */
  public ConfigurationException(String message) {
    super(message);
  }
}
