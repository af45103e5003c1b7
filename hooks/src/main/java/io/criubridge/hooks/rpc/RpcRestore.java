// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.rpc;

import io.criubridge.hooks.PhaseFailure;
import io.criubridge.hooks.RunStatus;
import io.criubridge.hooks.phase.Phase;
import io.criubridge.hooks.restore.RestorePhases;
import io.criubridge.images.proto.criu_opts;
import io.criubridge.images.proto.criu_req_type;
import io.criubridge.images.proto.criu_resp;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A restore over CRIU's RPC.
 *
 * @param imageDirectory the checkpoint
 * @param root the directory that becomes the root of the restored processes
 * @param options more options of criu's command line
 */
public record RpcRestore(Path imageDirectory, Optional<Path> root, List<String> options) {

  /** Copies the list. */
  public RpcRestore {
    options = List.copyOf(options);
  }

  /**
   * What was restored.
   *
   * @param pid the root task's PID on the host
   * @param status what the phases did
   */
  public record Restored(int pid, RunStatus status) {}

  /**
   * Restores the processes; they are nobody's children then but init's.
   *
   * @throws PhaseFailure if a phase fails; nothing runs then, as with the other two
   * @throws CriuFailure if CRIU fails, with its errors
   * @throws InterruptedRun if the user has it given up
   */
  public Restored run(RpcSettings settings) throws IOException {
    List<String> all = new ArrayList<>();
    root.ifPresent(path -> all.addAll(List.of("--root", path.toAbsolutePath().toString())));
    all.addAll(options);
    try (RpcRun run =
        new RpcRun(
            settings, Phase.Operation.RESTORE, RestorePhases.handlers(), imageDirectory, all)) {
      run.begin(Phase.PLAN_RESTORE, criu_req_type.RESTORE, criu_opts.newBuilder());
      criu_resp answer =
          run.converse(
              notify -> {
                if (notify.hasPid()) {
                  run.initPid(notify.getPid());
                }
              });
      return new Restored(answer.getRestore().getPid(), run.status());
    }
  }
}
