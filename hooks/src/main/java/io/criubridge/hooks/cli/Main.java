// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli;

import io.criubridge.hooks.cli.images.ShortCut;
import io.criubridge.images.ImageFormatException;
import java.io.IOException;

/** Where {@code bin/criu-bridge} begins. */
public final class Main {
  private Main() {}

  /** Runs a command and exits with a code of {@code sysexits.h}. */
  public static void main(String[] arguments) {
    int code = execute(arguments);
    // Since JDK 21 exit() looks for a logger first, which takes longer than a small image to
    // decode.
    boolean alone = Thread.activeCount() == 1;
    if (code != 0 || !alone) {
      System.exit(code);
    }
  }

  static int execute(String[] arguments) {
    try {
      return ShortCut.run(arguments) ? 0 : CriuBridge.commandLine().execute(arguments);
    } catch (IOException e) {
      System.err.println("criu-bridge: " + e.getMessage());
      return e instanceof ImageFormatException ? ExitCode.DATA : ExitCode.IO;
    }
  }
}
