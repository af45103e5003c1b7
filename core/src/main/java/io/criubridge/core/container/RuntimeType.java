// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.container;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/** A kind of container runtime that answers over a unix socket, by the API it speaks there. */
public enum RuntimeType {
  /**
   * containerd's own API.
   *
   * <p>Seed: RuntimeContainerd, ContainerdSocket
   */
  CONTAINERD("containerd", Path.of("/run/containerd/containerd.sock")),

  /**
   * The Container Runtime Interface, as CRI-O serves it; containerd does too, on its own socket.
   *
   * <p>Seed: RuntimeCRIO, CRIOSocket
   */
  CRIO("crio", Path.of("/var/run/crio/crio.sock"));

  private final String typeName;
  private final Path defaultSocket;

  RuntimeType(String typeName, Path defaultSocket) {
    this.typeName = typeName;
    this.defaultSocket = defaultSocket;
  }

  /** The name in settings. */
  public String typeName() {
    return typeName;
  }

  /** Where the runtime listens unless it is told otherwise. */
  public Path defaultSocket() {
    return defaultSocket;
  }

  /**
   * The type of a name.
   *
   * @throws IllegalArgumentException naming the types there are
   */
  public static RuntimeType of(String typeName) {
    return Arrays.stream(values())
        .filter(type -> type.typeName.equals(typeName))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no runtime type '"
                        + typeName
                        + "'; there are: "
                        + Arrays.stream(values())
                            .map(RuntimeType::typeName)
                            .collect(Collectors.joining(", "))));
  }
}
