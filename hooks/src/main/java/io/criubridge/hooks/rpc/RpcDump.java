// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.rpc;

import io.criubridge.core.proc.ProcFs;
import io.criubridge.core.proc.ProcessIdentity;
import io.criubridge.hooks.PhaseFailure;
import io.criubridge.hooks.RunStatus;
import io.criubridge.hooks.dump.DumpClaim;
import io.criubridge.hooks.dump.DumpPhases;
import io.criubridge.hooks.phase.Phase;
import io.criubridge.images.proto.criu_opts;
import io.criubridge.images.proto.criu_req_type;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A dump over CRIU's RPC.
 *
 * @param init the root task
 * @param imageDirectory where the checkpoint goes, a directory that is empty or not there
 * @param leaveRunning whether the tasks run on
 * @param options more options of criu's command line
 */
public record RpcDump(
    ProcessIdentity init, Path imageDirectory, boolean leaveRunning, List<String> options) {

  /** Copies the list. */
  public RpcDump {
    options = List.copyOf(options);
  }

  /**
   * Makes the checkpoint.
   *
   * @return what the phases did
   * @throws PhaseFailure if a phase fails; the tasks run on, as with the other two
   * @throws CriuFailure if CRIU fails, with its errors
   * @throws InterruptedRun if the user has it given up
   * @throws LateFailure if the checkpoint is complete all the same
   */
  public RunStatus run(RpcSettings settings) throws IOException {
    try (DumpDirectory directory = DumpDirectory.claim(imageDirectory)) {
      return dump(settings, directory);
    }
  }

  private RunStatus dump(RpcSettings settings, DumpDirectory directory) throws IOException {
    try {
      return dump(settings);
    } catch (LateFailure e) {
      throw e;
    } catch (InterruptedRun e) {
      directory.abandon();
      throw e;
    } catch (IOException | RuntimeException | Error e) {
      directory.keepReasons();
      throw e;
    }
  }

  private RunStatus dump(RpcSettings settings) throws IOException {
    RpcRun run =
        new RpcRun(
            settings,
            Phase.Operation.DUMP,
            DumpPhases.handlers(DumpClaim.ofCaller()),
            imageDirectory,
            Optional.empty(),
            options);
    try (run) {
      run.initPid(init.pid());
      requireSameProcess();
      run.begin(
          Phase.PRE_DUMP,
          criu_req_type.DUMP,
          criu_opts.newBuilder().setPid(init.pid()).setLeaveRunning(leaveRunning));
      run.converse(notify -> requireSameProcess());
      return run.status();
    } catch (IOException | RuntimeException | Error e) {
      if (run.isDone()) {
        throw LateFailure.ofDump(imageDirectory, e);
      }
      throw e;
    }
  }

  /** CRIU knows the task by its PID, which may be another process's by now. */
  private void requireSameProcess() throws IOException {
    if (!init.isAlive(ProcFs.HOST)) {
      throw new PhaseFailure(PhaseFailure.IO, "pid " + init.pid() + " has ended");
    }
  }
}
