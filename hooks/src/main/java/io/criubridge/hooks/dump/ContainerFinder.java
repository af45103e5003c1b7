// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.dump;

import io.criubridge.core.container.BundleLookup;
import io.criubridge.core.container.ContainerLookup;
import io.criubridge.core.container.ContainerLookup.NotFound;
import io.criubridge.core.container.ContainerRuntimeException;
import io.criubridge.core.container.RuntimeAncestor;
import io.criubridge.core.container.RuntimeLookup;
import io.criubridge.core.container.RuntimeType;
import io.criubridge.core.proc.ProcFs;
import io.criubridge.core.proc.ProcessIdentity;
import io.criubridge.hooks.CriuRun;
import io.criubridge.hooks.PhaseFailure;
import io.criubridge.hooks.config.RuntimeSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds the container that is dumped, once for a run: post-dump, in which the tasks stand still,
 * neither reads runtimes' files nor waits for a runtime.
 */
final class ContainerFinder {

  /** What was found of a process. */
  private record Outcome(ProcessIdentity init, ContainerLookup container) {}

  private Optional<Outcome> known = Optional.empty();

  /**
   * Finds the container of the root task.
   *
   * @param ownMounts whether it has a mount namespace of its own; one without is no container, and
   *     no runtime is asked about it
   * @throws PhaseFailure if the runtime that the settings name does not answer
   */
  synchronized ContainerLookup find(CriuRun run, ProcessIdentity init, boolean ownMounts)
      throws IOException {
    if (known.isEmpty() || !known.get().init().equals(init)) {
      known = Optional.of(new Outcome(init, look(run, init.pid(), ownMounts)));
    }
    return known.get().container();
  }

  private static ContainerLookup look(CriuRun run, int pid, boolean ownMounts) throws IOException {
    RuntimeSettings settings = run.configuration().runtime();
    Optional<RuntimeType> named = settings.source().named().filter(type -> ownMounts);
    if (named.isPresent()) {
      return either(askNamed(run, named.get(), pid), () -> lookInFiles(run, pid));
    }
    boolean askable = ownMounts && settings.source() == RuntimeSettings.Source.AUTO;
    return either(
        lookInFiles(run, pid), () -> askable ? askSuggested(run, pid) : new NotFound(List.of()));
  }

  @FunctionalInterface
  private interface Lookup {
    ContainerLookup look() throws IOException;
  }

  /** The second is looked at only if the first found nothing; what both tried is kept. */
  private static ContainerLookup either(ContainerLookup first, Lookup second) throws IOException {
    if (!(first instanceof NotFound none)) {
      return first;
    }
    ContainerLookup other = second.look();
    if (!(other instanceof NotFound more)) {
      return other;
    }
    List<String> tried = new ArrayList<>(none.tried());
    tried.addAll(more.tried());
    return new NotFound(tried);
  }

  private static ContainerLookup lookInFiles(CriuRun run, int pid) throws IOException {
    return new BundleLookup(run.proc(), Path.of("/"), runcRoots(run)).find(pid);
  }

  /** The runtime that called CRIU knows best where it keeps its state. */
  private static List<Path> runcRoots(CriuRun run) throws IOException {
    List<Path> roots = new ArrayList<>(run.configuration().runtimeRoots());
    RuntimeAncestor.find(run.proc(), run.criu().pid())
        .ifPresent(runtime -> roots.add(runtime.command().root()));
    return roots;
  }

  private static ContainerLookup askNamed(CriuRun run, RuntimeType type, int pid)
      throws IOException {
    try {
      return lookup(run, type).find(pid);
    } catch (ContainerRuntimeException e) {
      throw new PhaseFailure(
          PhaseFailure.UNAVAILABLE,
          e.getMessage()
              + "; set runtime-socket, or runtime: files to find containers without asking",
          e);
    }
  }

  /** Nobody asked for this: a runtime that does not answer is as good as none. */
  private static ContainerLookup askSuggested(CriuRun run, int pid) throws IOException {
    ProcFs proc = run.proc();
    Optional<RuntimeType> type = RuntimeLookup.suggestedType(proc, pid);
    if (type.isEmpty()) {
      return new NotFound(List.of("its control group is named for no runtime that could be asked"));
    }
    Path socket = run.configuration().runtime().socketOf(type.get());
    if (!Files.exists(socket)) {
      return new NotFound(List.of(socket + ": not there"));
    }
    try {
      return lookup(run, type.get()).find(pid);
    } catch (ContainerRuntimeException e) {
      return new NotFound(List.of(String.valueOf(e.getMessage())));
    }
  }

  private static RuntimeLookup lookup(CriuRun run, RuntimeType type) {
    RuntimeSettings settings = run.configuration().runtime();
    return new RuntimeLookup(
        run.proc(), type, settings.socketOf(type), settings.namespace(), settings.deadlines());
  }
}
