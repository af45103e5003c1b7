// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli;

import java.util.Locale;

/** Numbers of bytes as people read them. */
public final class ByteCount {
  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  private static final double STEP = 1024;

  private ByteCount() {}

  /** Three digits and a unit, such as {@code 640 B}, {@code 1.50 KiB} or {@code 23.4 GiB}. */
  public static String text(long bytes) {
    double value = bytes;
    int unit = 0;
    // What would be rounded to 1024 is the next unit's 1.00.
    while (Math.abs(value) >= STEP - 0.5 && unit < UNITS.length - 1) {
      value /= STEP;
      unit++;
    }
    int decimals = unit == 0 || Math.abs(value) >= 99.95 ? 0 : Math.abs(value) >= 9.995 ? 1 : 2;
    return String.format(Locale.ROOT, "%." + decimals + "f %s", value, UNITS[unit]);
  }
}
