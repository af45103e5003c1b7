// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli;

/**
 * Who reads what the command prints. The JVM cannot tell, so {@code bin/criu-bridge} does.
 *
 * @param out whether standard output is a terminal
 * @param err whether standard error is one
 * @param colour whether standard output may be coloured: a terminal, and {@code NO_COLOR} unset or
 *     empty (source: no-color.org)
 */
public record Terminal(boolean out, boolean err, boolean colour) {

  /** Of this process. */
  public static Terminal current() {
    String noColour = System.getenv("NO_COLOR");
    boolean out = Boolean.getBoolean("criubridge.stdout.terminal");
    boolean err = Boolean.getBoolean("criubridge.stderr.terminal");
    return new Terminal(out, err, out && (noColour == null || noColour.isEmpty()));
  }
}
