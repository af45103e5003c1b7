// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;

/**
 * Runs command lines from standard input, one a line, words parted by blanks, in one JVM: for
 * {@code lib/java/prepare}, which keeps the classes that they load.
 */
final class Batch {

  private Batch() {}

  public static void main(String[] arguments) throws IOException {
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    int worst = 0;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      worst = Math.max(worst, Main.execute(line.split(" ", -1)));
    }
    System.exit(worst);
  }
}
