// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.rpc;

import io.criubridge.hooks.PhaseFailure;
import io.criubridge.hooks.install.CriuProgram;
import io.criubridge.hooks.install.NodeRoot;
import java.io.IOException;
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

  /**
   * Finds the programs.
   *
   * @param named the criu that the user names; else it is looked for, as by {@code doctor}
   * @param distribution the directory of this criu-bridge
   * @throws PhaseFailure if one is not there
   */
  public static CriuPrograms find(
      Optional<Path> named, Path distribution, Map<String, String> environment) throws IOException {
    Optional<CriuProgram> criu = CriuProgram.find(new NodeRoot(Path.of("/")), named, environment);
    Path relay = distribution.resolve("lib/criu-swrk");
    if (criu.isEmpty()) {
      throw new PhaseFailure(
          PhaseFailure.CONFIG, "no criu on the PATH: install CRIU 4, or name it with --criu");
    }
    if (!Files.isExecutable(relay)) {
      throw new PhaseFailure(
          PhaseFailure.CONFIG, relay + " is not there: install criu-bridge anew");
    }
    return new CriuPrograms(criu.get().file(), relay);
  }
}
