// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.restore;

import io.criubridge.core.container.OciSpec;
import io.criubridge.core.container.RuntimeAncestor;
import io.criubridge.core.container.RuntimeCommand;
import io.criubridge.hooks.CriuRun;
import io.criubridge.hooks.PhaseFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Finds the directory that becomes the root of the restored container. */
final class TargetRoot {

  private TargetRoot() {}

  /**
   * Gives the root: the setting, else {@code criu --root}, else the place where runc mounts it for
   * CRIU, else the bundle's.
   *
   * @throws PhaseFailure if none of these is there, saying what to set
   */
  static Path find(CriuRun run) throws IOException {
    Optional<Path> configured = run.configuration().root();
    if (configured.isPresent()) {
      return existing(configured.get(), "CRIU_BRIDGE_ROOT");
    }
    Optional<Path> given = run.commandLine().root();
    if (given.isPresent()) {
      return notTheHost(existing(absolute(given.get()), "criu --root"));
    }
    Optional<RuntimeAncestor> runtime = RuntimeAncestor.find(run.proc(), run.criu().pid());
    if (runtime.isPresent() && runtime.get().command() instanceof RuntimeCommand.Restore restore) {
      return ofRuntime(restore);
    }
    throw new PhaseFailure(
        PhaseFailure.CONFIG,
        "the checkpoint holds changed files, and there is no telling which root they belong in:"
            + " give criu --root DIR, or set CRIU_BRIDGE_ROOT");
  }

  private static Path ofRuntime(RuntimeCommand.Restore restore) throws IOException {
    Path mounted = restore.root().resolve(restore.id().value()).resolve("criu-root");
    if (Files.isDirectory(mounted)) {
      return mounted;
    }
    OciSpec spec = OciSpec.read(restore.bundle().resolve("config.json"));
    return existing(spec.rootfs(restore.bundle()), "the bundle's root.path");
  }

  /** CRIU mounts the root when its current directory is another one than it was started in. */
  private static Path absolute(Path path) throws PhaseFailure {
    if (!path.isAbsolute()) {
      throw new PhaseFailure(
          PhaseFailure.CONFIG,
          "criu --root "
              + path
              + " is relative, and CRIU would look for it elsewhere: give an"
              + " absolute path");
    }
    return path;
  }

  private static Path existing(Path path, String from) throws PhaseFailure {
    if (!Files.isDirectory(path)) {
      throw new PhaseFailure(
          PhaseFailure.CONFIG, path + " (" + from + ") is not a directory of this machine");
    }
    return path;
  }

  private static Path notTheHost(Path path) throws IOException {
    if (Files.isSameFile(path, Path.of("/"))) {
      throw new PhaseFailure(
          PhaseFailure.CONFIG,
          "criu --root / is this machine's own root: a container's files would be written over it;"
              + " if that is meant, set CRIU_BRIDGE_ROOT=/");
    }
    return path;
  }
}
