// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.rpc;

import io.criubridge.core.checkpoint.CheckpointLayout;
import io.criubridge.core.proc.ProcFs;
import io.criubridge.core.proc.ProcessIdentity;
import io.criubridge.hooks.CriuCommandLine;
import io.criubridge.hooks.PhaseFailure;
import io.criubridge.hooks.PidMap;
import io.criubridge.hooks.phase.Phase;
import io.criubridge.hooks.restore.Placeholder;
import io.criubridge.hooks.restore.RestorePhases;
import io.criubridge.images.proto.criu_notify;
import io.criubridge.images.proto.criu_opts;
import io.criubridge.images.proto.criu_req_type;
import io.criubridge.images.proto.criu_resp;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A restore over CRIU's RPC.
 *
 * @param imageDirectory the checkpoint
 * @param root the directory that becomes the root of the restored processes
 * @param into the first process of the container to restore into
 * @param options more options of criu's command line
 */
public record RpcRestore(
    Path imageDirectory,
    Optional<Path> root,
    Optional<ProcessIdentity> into,
    List<String> options) {

  /** Copies the list. */
  public RpcRestore {
    options = List.copyOf(options);
  }

  /**
   * What was restored.
   *
   * @param pid the root task's PID on the host
   * @param pids where each process is now
   */
  public record Restored(int pid, PidMap pids) {}

  /**
   * Restores the processes; they are nobody's children then but init's.
   *
   * @throws PhaseFailure if a phase fails; nothing runs then, as with the other two
   * @throws CriuFailure if CRIU fails, with its errors
   * @throws InterruptedRun if the user has it given up
   * @throws LateFailure if they run all the same
   */
  public Restored run(RpcSettings settings) throws IOException {
    if (into.isEmpty()) {
      return restore(settings, imageDirectory, Optional.empty());
    }
    Placeholder placeholder = new Placeholder(ProcFs.HOST, into.get());
    placeholder.requireContainer();
    Optional<Path> given = new CriuCommandLine(options).workDirectory();
    if (given.isPresent()) {
      return restore(settings.with(placeholder.settings()), given.get(), Optional.of(placeholder));
    }
    // Others may restore from the same checkpoint at this moment.
    Path work = Files.createTempDirectory("criu-bridge-restore");
    try {
      return restore(settings.with(placeholder.settings()), work, Optional.of(placeholder));
    } finally {
      removeFlat(work);
    }
  }

  private static void removeFlat(Path directory) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }

  private Restored restore(RpcSettings settings, Path work, Optional<Placeholder> placeholder)
      throws IOException {
    RpcRun run =
        new RpcRun(
            settings,
            Phase.Operation.RESTORE,
            RestorePhases.handlers(placeholder),
            imageDirectory,
            placeholder,
            options(work, placeholder.isPresent()));
    try (run) {
      criu_opts.Builder request = criu_opts.newBuilder();
      if (placeholder.isPresent()) {
        request.setRoot(Placeholder.stagedRoot(run.run().directory()).toString());
      }
      run.begin(Phase.PLAN_RESTORE, criu_req_type.RESTORE, request);
      criu_resp answer = run.converse(notify -> nameRootTask(notify, run, placeholder));
      int pid = run.initPid().orElse(answer.getRestore().getPid());
      return new Restored(
          pid, PidMap.find(work.resolve(CheckpointLayout.PIDS)).orElse(new PidMap(List.of())));
    } catch (IOException | RuntimeException | Error e) {
      if (run.isDone()) {
        throw LateFailure.ofRestore(run.initPid(), e);
      }
      throw e;
    }
  }

  private List<String> options(Path work, boolean placeholder) {
    List<String> all = new ArrayList<>();
    root.ifPresent(path -> all.addAll(List.of("--root", path.toAbsolutePath().toString())));
    if (!work.equals(imageDirectory)) {
      all.addAll(List.of("--work-dir", work.toAbsolutePath().toString()));
    }
    if (placeholder) {
      // All are born in the container's.
      all.add("--manage-cgroups=ignore");
    }
    all.addAll(options);
    return all;
  }

  private static void nameRootTask(
      criu_notify notify, RpcRun run, Optional<Placeholder> placeholder) throws IOException {
    if (notify.hasPid() && run.initPid().isEmpty()) {
      run.initPid(
          placeholder.isPresent()
              ? placeholder.get().hostPid(notify.getPid(), run.run().criu())
              : notify.getPid());
    }
  }
}
