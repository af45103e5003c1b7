// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.proc;

/**
 * The content of a {@code status} file. The kernel escapes newlines in a command name, so that no
 * process can write a line of its own into it. Source: proc_pid_status(5)
 */
final class StatusText {

  private final String file;
  private final String raw;

  StatusText(String file, byte[] content) {
    this.file = file;
    this.raw = ProcText.raw(content);
  }

  /** The words that follow a key; at least one. */
  String[] words(String key) throws ProcFormatException {
    String value = line(key).substring(key.length() + 1).strip();
    if (value.isEmpty()) {
      throw malformed(key, "no value");
    }
    return value.split("[ \t]+", -1);
  }

  ProcFormatException malformed(String key, String problem) {
    int start = start(key);
    int number =
        1 + (int) raw.substring(0, Math.max(start, 0)).chars().filter(c -> c == '\n').count();
    return new ProcFormatException(file, number, start < 0 ? "" : lineAt(start), problem);
  }

  private String line(String key) throws ProcFormatException {
    int start = start(key);
    if (start < 0) {
      throw malformed(key, "no line " + key + ":");
    }
    return lineAt(start);
  }

  private String lineAt(int start) {
    int end = raw.indexOf('\n', start);
    return raw.substring(start, end < 0 ? raw.length() : end);
  }

  /** Where the first line with the key starts, -1 if none does. */
  private int start(String key) {
    String prefix = key + ":";
    if (raw.startsWith(prefix)) {
      return 0;
    }
    int newline = raw.indexOf("\n" + prefix);
    return newline < 0 ? -1 : newline + 1;
  }
}
