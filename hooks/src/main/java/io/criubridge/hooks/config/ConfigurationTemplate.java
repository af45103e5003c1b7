// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** The node's settings as they are installed: every key, explained, and none of them set. */
public final class ConfigurationTemplate {
  private static final String RESOURCE = "config.yaml";

  private ConfigurationTemplate() {}

  /** The text of the file. */
  public static String text() throws IOException {
    try (InputStream in = ConfigurationTemplate.class.getResourceAsStream(RESOURCE)) {
      return new String(Objects.requireNonNull(in, RESOURCE).readAllBytes(), UTF_8);
    }
  }
}
