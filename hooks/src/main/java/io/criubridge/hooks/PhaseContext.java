// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks;

import io.criubridge.core.proc.ProcFs;
import io.criubridge.core.proc.ProcessIdentity;
import io.criubridge.hooks.config.Configuration;
import io.criubridge.hooks.config.ConfigurationReader;
import io.criubridge.hooks.phase.Phase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What CRIU says when it calls the action script: the only reader of {@code CRTOOLS_*} variables.
 *
 * @param phase which moment it is
 * @param run the run of CRIU
 * @param initPid host PID of the root task, where CRIU tells it
 * @param abortedPhase the phase whose worker hung, if this is an abort
 */
public record PhaseContext(
    Phase phase, CriuRun run, Optional<Integer> initPid, Optional<Phase> abortedPhase) {

  private static final String ACTION = "CRTOOLS_SCRIPT_ACTION";

  /** The phase that the environment of an action script names; empty if it is none of ours. */
  public static Optional<Phase> phase(Map<String, String> environment) {
    return Phase.ofAction(environment.getOrDefault(ACTION, ""));
  }

  /** Whether this is a phase of a dump or of a restore; an abort is one of the phase it ends. */
  public Phase.Operation operation() {
    return abortedPhase.orElse(phase).operation();
  }

  /**
   * Reads the environment of an action script.
   *
   * @param environment as CRIU has set it, with the launcher's additions
   * @param known the run, if an earlier phase has read it already
   * @throws PhaseFailure if a variable is missing or wrong, naming it
   */
  public static PhaseContext of(
      Map<String, String> environment, RunDirectory directory, Optional<CriuRun> known)
      throws IOException {
    String action = required(environment, ACTION);
    Phase phase =
        phase(environment)
            .orElseThrow(
                () ->
                    new PhaseFailure(
                        PhaseFailure.SOFTWARE,
                        ACTION + "=" + action + " is no phase of criu-bridge"));
    Optional<Phase> abortedPhase =
        Optional.ofNullable(environment.get("CRIU_BRIDGE_ABORTED_PHASE")).flatMap(Phase::ofAction);
    CriuRun run =
        known.isPresent()
            ? known.get()
            : run(abortedPhase.orElse(phase).operation(), environment, directory);
    return new PhaseContext(phase, run, initPid(environment), abortedPhase);
  }

  /** The root task's PID, which every phase but those before the restore has. */
  public int requiredInitPid() throws PhaseFailure {
    return initPid.orElseThrow(
        () ->
            new PhaseFailure(
                PhaseFailure.SOFTWARE,
                "CRIU did not set CRTOOLS_INIT_PID in " + phase + "; is this CRIU 4?"));
  }

  private static CriuRun run(
      Phase.Operation operation, Map<String, String> environment, RunDirectory directory)
      throws IOException {
    ProcFs proc = ProcFs.HOST;
    ProcessIdentity criu = directory.criu();
    Path imageDirectory = imageDirectory(environment, directory);
    Configuration configuration =
        ConfigurationReader.read(operation, Optional.of(imageDirectory), environment);
    return new CriuRun(
        criu,
        proc.path(criu.pid(), "exe"),
        CriuCommandLine.read(proc, criu),
        imageDirectory,
        proc.link(criu.pid(), "cwd"),
        directory,
        configuration,
        proc);
  }

  /** CRIU names a descriptor of its own, which it closes before post-resume: take the real path. */
  private static Path imageDirectory(Map<String, String> environment, RunDirectory directory)
      throws IOException {
    Path descriptor = Path.of(required(environment, "CRTOOLS_IMAGE_DIR"));
    if (Files.isDirectory(descriptor)) {
      Path real = descriptor.toRealPath();
      directory.rememberImageDirectory(real);
      return real;
    }
    return directory
        .imageDirectory()
        .orElseThrow(
            () ->
                new PhaseFailure(
                    PhaseFailure.IO, "CRTOOLS_IMAGE_DIR=" + descriptor + " is no directory"));
  }

  private static String required(Map<String, String> environment, String name) throws PhaseFailure {
    String value = environment.get(name);
    if (value == null) {
      throw new PhaseFailure(
          PhaseFailure.CONFIG, name + " is not set: this program is run by CRIU, not by hand");
    }
    return value;
  }

  private static Optional<Integer> initPid(Map<String, String> environment) throws PhaseFailure {
    String value = environment.get("CRTOOLS_INIT_PID");
    if (value == null) {
      return Optional.empty();
    }
    try {
      int pid = Integer.parseInt(value);
      if (pid > 0) {
        return Optional.of(pid);
      }
    } catch (NumberFormatException e) {
      throw new PhaseFailure(
          PhaseFailure.SOFTWARE, "CRTOOLS_INIT_PID=" + value + " is not a PID", e);
    }
    throw new PhaseFailure(PhaseFailure.SOFTWARE, "CRTOOLS_INIT_PID=" + value + " is not a PID");
  }
}
