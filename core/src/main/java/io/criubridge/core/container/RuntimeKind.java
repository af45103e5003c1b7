// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.container;

/** Who made a container, as far as its files or its specification tell. */
public enum RuntimeKind {
  /** containerd, itself or under Kubernetes or Docker. */
  CONTAINERD,
  /** CRI-O. */
  CRIO,
  /** podman. */
  PODMAN,
  /** runc, called by hand or by another engine. */
  RUNC
}
