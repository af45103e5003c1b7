// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.dump;

import io.criubridge.core.container.ContainerLookup;
import io.criubridge.core.rootfs.OverlayRootFs;
import io.criubridge.core.sys.ScopedRoot;
import io.criubridge.hooks.CriuRun;
import io.criubridge.hooks.config.Configuration;
import io.criubridge.hooks.phase.Phase;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What pre-dump would decide about a process, if CRIU dumped it now from where this program runs.
 * Nothing is changed.
 *
 * @param container its id, as in a checkpoint's manifest
 * @param runtime who made the container, or {@code none}
 * @param policy by which its mounts are judged
 * @param ownMounts whether it has mounts of its own; else only its PIDs are recorded
 * @param upperDirectory where its changed files are, if its root is an overlay
 * @param plan what is decided
 */
public record DumpPreview(
    String container,
    String runtime,
    Configuration.Policy policy,
    boolean ownMounts,
    Optional<Path> upperDirectory,
    DumpPlan plan) {

  /**
   * Looks at a process.
   *
   * @param pid host PID of what would be the root task
   * @param environment of the criu process
   * @throws IOException what would fail pre-dump
   */
  public static DumpPreview of(int pid, Map<String, String> environment) throws IOException {
    CriuRun run = CriuRun.imagined(Phase.Operation.DUMP, Optional.empty(), environment);
    DumpTarget target = DumpTarget.of(run, pid, new ContainerFinder());
    return new DumpPreview(
        target.id(),
        target.found().map(DumpPreview::runtime).orElse("none"),
        run.configuration().policy(),
        target.ownMounts(),
        upperDirectory(run, target),
        DumpPlan.of(run, target));
  }

  private static String runtime(ContainerLookup.Found found) {
    return found.kind().name().toLowerCase(Locale.ROOT);
  }

  private static Optional<Path> upperDirectory(CriuRun run, DumpTarget target) throws IOException {
    if (!target.ownMounts()) {
      return Optional.empty();
    }
    try (ScopedRoot root =
        ScopedRoot.open(OverlayRootFs.mergedRoot(run.proc(), target.init().pid()))) {
      return RootfsCapture.overlay(run, target, root).map(OverlayRootFs::upperDir);
    }
  }
}
