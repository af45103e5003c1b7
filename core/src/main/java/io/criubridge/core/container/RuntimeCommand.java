// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.container;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A low-level runtime's command line for a checkpoint or a restore. While it restores, it is all
 * there is to tell which container is being made: there is no process and no state yet.
 *
 * <p>Source: runc-checkpoint(8), runc-restore(8)
 */
public sealed interface RuntimeCommand {

  /** The runtime's state directory, {@code --root}. */
  Path root();

  /** The container. */
  ContainerId id();

  /** {@code runc checkpoint}. */
  record Checkpoint(Path root, ContainerId id) implements RuntimeCommand {}

  /**
   * {@code runc restore}.
   *
   * @param bundle the bundle, {@code --bundle}, otherwise the directory runc was started in
   */
  record Restore(Path root, ContainerId id, Path bundle) implements RuntimeCommand {}

  /**
   * Understands a command line.
   *
   * @param arguments the program's name first
   * @param workingDirectory what relative paths are relative to
   * @return empty if this is no runtime, or one that does something else
   */
  static Optional<RuntimeCommand> parse(List<String> arguments, Path workingDirectory) {
    return RuntimeArguments.of(arguments).flatMap(a -> a.command(workingDirectory));
  }
}
