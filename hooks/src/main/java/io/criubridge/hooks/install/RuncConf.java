// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.install;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The text of CRIU's configuration for runc, and our line in it. Of everything else each byte
 * stays.
 *
 * <p>Source: criu(8), configuration files; {@code criu/config.c}: an option and its value on a
 * line, parted by blanks, {@code #} begins a comment, a value may be quoted
 */
final class RuncConf {
  private static final String OPTION = "action-script";
  private static final String LAUNCHER = "criu-bridge-hook";

  private RuncConf() {}

  /** The line that has CRIU run the launcher. */
  static String line(String launcher) {
    return OPTION + " " + launcher;
  }

  /** The launchers of criu-bridge that the text has CRIU run. */
  static List<String> launchers(String text) {
    return lines(text).stream().map(RuncConf::launcher).flatMap(Optional::stream).toList();
  }

  /** The text with the launcher's line at its end. */
  static String with(String text, String launcher) {
    String separator = text.isEmpty() || text.endsWith("\n") ? "" : "\n";
    return text + separator + line(launcher) + "\n";
  }

  /** The text without the lines that have CRIU run that launcher. */
  static String without(String text, String launcher) {
    StringBuilder kept = new StringBuilder();
    for (String line : lines(text)) {
      if (!launcher(line).equals(Optional.of(launcher))) {
        kept.append(line);
      }
    }
    return kept.toString();
  }

  /** Each with its newline. */
  private static List<String> lines(String text) {
    List<String> lines = new ArrayList<>();
    int start = 0;
    while (start < text.length()) {
      int newline = text.indexOf('\n', start);
      int end = newline < 0 ? text.length() : newline + 1;
      lines.add(text.substring(start, end));
      start = end;
    }
    return lines;
  }

  private static Optional<String> launcher(String line) {
    String statement = line.strip();
    if (!statement.startsWith(OPTION)) {
      return Optional.empty();
    }
    String rest = statement.substring(OPTION.length());
    if (rest.isEmpty() || !(Character.isWhitespace(rest.charAt(0)) || rest.charAt(0) == '=')) {
      return Optional.empty();
    }
    String value = value(rest.substring(1).strip());
    return value.equals(LAUNCHER) || value.endsWith("/" + LAUNCHER)
        ? Optional.of(value)
        : Optional.empty();
  }

  private static String value(String text) {
    if (text.startsWith("\"") && text.indexOf('"', 1) > 0) {
      return text.substring(1, text.indexOf('"', 1));
    }
    return text.split("[\\s#]", 2)[0];
  }
}
