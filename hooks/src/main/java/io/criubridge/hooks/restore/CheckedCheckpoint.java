// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.restore;

import io.criubridge.core.checkpoint.CheckpointLayout;
import io.criubridge.core.checkpoint.CheckpointManifest;
import io.criubridge.core.checkpoint.Machine;
import io.criubridge.hooks.CriuRun;
import io.criubridge.hooks.MachineReader;
import io.criubridge.hooks.PhaseFailure;
import io.criubridge.hooks.RunStatus;
import io.criubridge.hooks.config.Configuration.CriuVersionCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The checkpoint to restore, proven to be whole and one for this machine, once per run. */
final class CheckedCheckpoint {

  private final MachineReader machine;
  private Optional<CheckpointManifest> checked = Optional.empty();

  CheckedCheckpoint(MachineReader machine) {
    this.machine = machine;
  }

  /**
   * Reads and checks the checkpoint in the run's image directory.
   *
   * @throws IOException saying what is missing, damaged or not for this machine
   */
  CheckpointManifest get(CriuRun run) throws IOException {
    if (checked.isEmpty()) {
      machine.ask(run);
      CheckpointLayout layout = new CheckpointLayout(run.imageDirectory());
      requireManifest(layout);
      CheckpointManifest manifest = CheckpointManifest.read(layout);
      requireSameMachine(manifest.machine(), machine.read(run), run);
      manifest.verify(layout);
      checked = Optional.of(manifest);
    }
    return checked.get();
  }

  private static void requireManifest(CheckpointLayout layout) throws IOException {
    boolean manifest = Files.exists(layout.manifest());
    Optional<String> reason =
        manifest
            ? RunStatus.reasonOfWithdrawal(layout.status())
            : RunStatus.reasonOfFailedDump(layout.status());
    if (reason.isPresent()) {
      throw new PhaseFailure(
          PhaseFailure.DATA,
          layout.directory() + " is not a checkpoint, its dump failed: " + reason.get());
    }
    if (manifest) {
      return;
    }
    throw new PhaseFailure(
        PhaseFailure.DATA,
        layout.directory()
            + " has no manifest.yaml: it is no checkpoint of criu-bridge, or not all of one; to"
            + " restore bare images, set CRIU_BRIDGE_PARTICIPATION=containers");
  }

  private static void requireSameMachine(Machine then, Machine now, CriuRun run)
      throws PhaseFailure {
    if (!then.architecture().equals(now.architecture())) {
      throw new PhaseFailure(
          PhaseFailure.DATA,
          "the checkpoint is of "
              + then.architecture()
              + ", this machine is "
              + now.architecture());
    }
    if (run.configuration().criuVersion() == CriuVersionCheck.CHECK
        && isOlder(now.criuVersion(), then.criuVersion())) {
      throw new PhaseFailure(
          PhaseFailure.DATA,
          String.format(
              "the checkpoint was made by CRIU %s, this is CRIU %s, which may not read its images;"
                  + " CRIU_BRIDGE_CRIU_VERSION=ignore tries it all the same",
              then.criuVersion(), now.criuVersion()));
    }
  }

  /** Compares dotted numbers; what is no number counts as 0. */
  static boolean isOlder(String version, String than) {
    List<Integer> one = numbers(version);
    List<Integer> other = numbers(than);
    for (int i = 0; i < Math.max(one.size(), other.size()); i++) {
      int a = i < one.size() ? one.get(i) : 0;
      int b = i < other.size() ? other.get(i) : 0;
      if (a != b) {
        return a < b;
      }
    }
    return false;
  }

  private static List<Integer> numbers(String version) {
    List<Integer> numbers = new ArrayList<>();
    for (String part : version.split("[.-]", -1)) {
      numbers.add(part.matches("[0-9]{1,9}") ? Integer.parseInt(part) : 0);
    }
    return numbers;
  }
}
