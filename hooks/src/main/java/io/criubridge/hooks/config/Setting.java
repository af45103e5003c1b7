// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.config;

/**
 * One value as it was written, before anybody knows whether it is right.
 *
 * @param name the key inside a map such as {@code map:}; empty for a plain value or a list's item
 * @param value the text
 * @param origin where it was written, for messages: {@code FILE:LINE} or an environment variable
 */
record Setting(String name, String value, String origin) {

  ConfigurationException wrong(String expected) {
    return new ConfigurationException(
        origin + ": '" + (name.isEmpty() ? "" : name + "=") + value + "' is not " + expected);
  }
}
