// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.container;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One of the containers that have a name.
 *
 * @param id as the runtime gave it
 * @param alive whether it runs or is paused
 * @param state in the runtime's words
 */
record ContainerCandidate(String id, boolean alive, String state) {

  /** Chooses the only one that lives: between two, nobody but the caller could choose. */
  static ContainerId onlyLive(
      List<ContainerCandidate> candidates, PodContainer wanted, String call, Path socket)
      throws ContainerRuntimeException {
    List<ContainerCandidate> live = candidates.stream().filter(ContainerCandidate::alive).toList();
    if (candidates.isEmpty()) {
      throw new NoLiveContainerException(call, socket, "there is no " + wanted);
    }
    if (live.isEmpty()) {
      throw new NoLiveContainerException(
          call, socket, "no " + wanted + " lives, only " + describe(candidates));
    }
    if (live.size() > 1) {
      throw new ContainerRuntimeException(
          call,
          socket,
          "more than one " + wanted + " lives: " + describe(live) + "; ask for one by its id");
    }
    String id = live.get(0).id();
    if (!ContainerId.isValid(id)) {
      throw new ContainerRuntimeException(call, socket, "answers with an id that is none: " + id);
    }
    return new ContainerId(id);
  }

  private static String describe(List<ContainerCandidate> candidates) {
    return candidates.stream()
        .map(candidate -> candidate.id + " (" + candidate.state + ")")
        .collect(Collectors.joining(", "));
  }
}
