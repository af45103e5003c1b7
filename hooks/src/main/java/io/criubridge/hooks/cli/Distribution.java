// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.cli;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The files that this program is part of: {@code dist/}, wherever it is. */
final class Distribution {

  private Distribution() {}

  /** The directory above {@code bin} and {@code lib}. */
  static Path directory() throws IOException {
    try {
      Path jar =
          Path.of(Distribution.class.getProtectionDomain().getCodeSource().getLocation().toURI())
              .toRealPath();
      Path directory = jar.resolve("../../..").normalize();
      if (Files.isExecutable(directory.resolve("bin/criu-bridge-hook"))) {
        return directory;
      }
      throw new IOException(jar + ": not in a built criu-bridge; run bin/criu-bridge of one");
    } catch (URISyntaxException e) {
      throw new AssertionError("the class path is made of files", e);
    }
  }

  /** Of the jar. */
  static String version() {
    String version = Distribution.class.getPackage().getImplementationVersion();
    return version == null ? "(not built)" : version;
  }
}
