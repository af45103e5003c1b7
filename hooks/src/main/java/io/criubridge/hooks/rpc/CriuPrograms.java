// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.rpc;

import io.criubridge.hooks.PhaseFailure;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The programs of a run.
 *
 * @param criu CRIU
 * @param relay {@code lib/criu-swrk}, which runs CRIU with a socket and relays its messages
 */
public record CriuPrograms(Path criu, Path relay) {

  private static final String LIB = "criubridge.lib";

  /**
   * Finds the programs.
   *
   * @param criu the one that the user names; else {@code CRIU_BRIDGE_CRIU} does, else {@code PATH}
   * @throws PhaseFailure if one is not there
   */
  public static CriuPrograms find(Optional<Path> criu, Map<String, String> environment)
      throws PhaseFailure {
    String named = environment.getOrDefault("CRIU_BRIDGE_CRIU", "");
    Path program =
        criu.isPresent()
            ? criu.get()
            : named.isEmpty() ? onPath(environment.getOrDefault("PATH", "")) : Path.of(named);
    Path relay = Path.of(System.getProperty(LIB, ".")).resolve("criu-swrk");
    return new CriuPrograms(executable(program), executable(relay));
  }

  private static Path onPath(String directories) throws PhaseFailure {
    for (String directory : directories.split(File.pathSeparator, -1)) {
      Path program = Path.of(directory, "criu");
      if (!directory.isEmpty() && Files.isExecutable(program)) {
        return program;
      }
    }
    throw new PhaseFailure(
        PhaseFailure.CONFIG,
        "no criu on the PATH (" + directories + "): install CRIU 4, or name it with --criu");
  }

  private static Path executable(Path program) throws PhaseFailure {
    if (!Files.isExecutable(program) || Files.isDirectory(program)) {
      throw new PhaseFailure(PhaseFailure.CONFIG, program + " is not a program that can be run");
    }
    return program.toAbsolutePath();
  }
}
