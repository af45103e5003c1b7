// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.container;

import java.nio.file.Path;

/** The runtime has no such container, or none that runs; the message says what it has. */
public final class NoLiveContainerException extends ContainerRuntimeException {
  private static final long serialVersionUID = 1;

  NoLiveContainerException(String call, Path socket, String problem) {
    super(call, socket, problem);
  }
}
