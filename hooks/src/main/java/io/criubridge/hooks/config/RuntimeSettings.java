// SPDX-License-Identifier: Apache-2.0
package io.criubridge.hooks.config;

import io.criubridge.core.container.RpcDeadlines;
import io.criubridge.core.container.RuntimeType;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Whether and how a container runtime is asked over its socket.
 *
 * @param source where a container is looked for
 * @param socket the runtime's, where it is not the usual one
 * @param namespace containerd's namespace
 * @param deadlines how long the runtime may take
 */
public record RuntimeSettings(
    Source source, Optional<Path> socket, String namespace, RpcDeadlines deadlines) {

  /** Where a container is looked for. */
  public enum Source {
    /**
     * In the files that runtimes leave; where they tell nothing, the runtime is asked that the
     * process's control group is named for.
     */
    AUTO,
    /** In the files only. */
    FILES,
    /** containerd is asked first. */
    CONTAINERD,
    /** CRI-O, or another server of the Container Runtime Interface, is asked first. */
    CRIO;

    /** The runtime that is to be asked first. */
    public Optional<RuntimeType> named() {
      return switch (this) {
        case AUTO, FILES -> Optional.empty();
        case CONTAINERD -> Optional.of(RuntimeType.CONTAINERD);
        case CRIO -> Optional.of(RuntimeType.CRIO);
      };
    }
  }

  /** The socket of a runtime of this type. */
  public Path socketOf(RuntimeType type) {
    return socket.orElse(type.defaultSocket());
  }
}
