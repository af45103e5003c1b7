// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.container;

import java.util.Map;

/**
 * A container as Kubernetes names it. While it is restarted, more than one container of the runtime
 * has this name.
 *
 * @param pod the pod's name
 * @param namespace the pod's namespace
 * @param name the container's name in the pod
 */
public record PodContainer(String pod, String namespace, String name) {

  /** An empty name would match containers that have none. */
  public PodContainer {
    if (pod.isEmpty() || namespace.isEmpty() || name.isEmpty()) {
      throw new IllegalArgumentException(
          "pod '%s', namespace '%s' and container '%s' must all be named"
              .formatted(pod, namespace, name));
    }
  }

  /**
   * The labels that a runtime's container has for it.
   *
   * <p>Source: {@code pkg/types/labels.go} of Kubernetes' k8s.io/kubelet
   */
  Map<String, String> labels() {
    return Map.of(
        "io.kubernetes.pod.name", pod,
        "io.kubernetes.pod.namespace", namespace,
        "io.kubernetes.container.name", name);
  }

  @Override
  public String toString() {
    return "container " + name + " of pod " + namespace + "/" + pod;
  }
}
