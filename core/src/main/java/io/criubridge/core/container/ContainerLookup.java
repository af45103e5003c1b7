// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.container;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The outcome of looking for a process's container. */
public sealed interface ContainerLookup {

  /**
   * The container, proven to be the process's.
   *
   * @param id its id
   * @param kind who made it
   * @param bundle its bundle's directory on the host, empty if a runtime was asked
   * @param spec its specification
   */
  record Found(ContainerId id, RuntimeKind kind, Optional<Path> bundle, OciSpec spec)
      implements ContainerLookup {}

  /**
   * No container was found.
   *
   * @param tried what was looked at, and why it was not accepted
   */
  record NotFound(List<String> tried) implements ContainerLookup {
    public NotFound {
      tried = List.copyOf(tried);
    }
  }
}
