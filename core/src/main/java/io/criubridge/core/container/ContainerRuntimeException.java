// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.container;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A runtime did not answer, or not with what was asked for. The message names call and socket, and
 * says what to do: {@code containerd.services.tasks.v1.Tasks/Get at
 * /run/containerd/containerd.sock: no answer within 10 s}.
 */
public class ContainerRuntimeException extends IOException {
  private static final long serialVersionUID = 1;

  ContainerRuntimeException(String call, Path socket, String problem) {
    super(call + " at " + socket + ": " + problem);
  }

  ContainerRuntimeException(String call, Path socket, String problem, Throwable cause) {
    super(call + " at " + socket + ": " + problem, cause);
  }
}
