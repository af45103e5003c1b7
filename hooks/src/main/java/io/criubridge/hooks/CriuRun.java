// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks;

import io.criubridge.core.proc.ProcFs;
import io.criubridge.core.proc.ProcessIdentity;
import io.criubridge.hooks.config.Configuration;
import io.criubridge.hooks.config.ConfigurationReader;
import io.criubridge.hooks.phase.Phase;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The run of CRIU that is served: what stays the same from phase to phase.
 *
 * @param criu the criu process
 * @param program its program, a path by which this very file can be run
 * @param commandLine its options, as far as they can be seen
 * @param imageDirectory where the images are, a path that stays valid when CRIU has closed it
 * @param workDirectory CRIU's work directory, where its log and statistics go
 * @param directory the worker's own, in {@code /run/criu-bridge}
 * @param configuration the settings
 * @param proc the host's /proc
 */
public record CriuRun(
    ProcessIdentity criu,
    Path program,
    CriuCommandLine commandLine,
    Path imageDirectory,
    Path workDirectory,
    RunDirectory directory,
    Configuration configuration,
    ProcFs proc) {

  /**
   * A run that might be: this process stands for criu, whose view of the host's mounts it has. For
   * what only decides; there is no run directory, and no phase can run.
   *
   * @param imageDirectory CRIU's image directory, if there is one
   * @param environment of the criu process
   */
  public static CriuRun imagined(
      Phase.Operation operation, Optional<Path> imageDirectory, Map<String, String> environment)
      throws IOException {
    ProcFs proc = ProcFs.HOST;
    ProcessIdentity self = ProcessIdentity.of(proc, (int) ProcessHandle.current().pid());
    Path nowhere = Path.of("/dev/null");
    return new CriuRun(
        self,
        nowhere,
        new CriuCommandLine(List.of()),
        imageDirectory.orElse(nowhere),
        nowhere,
        new RunDirectory(nowhere, self),
        ConfigurationReader.read(operation, imageDirectory, environment),
        proc);
  }
}
