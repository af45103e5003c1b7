// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.process;

/** What to do with processes in PID namespaces below that of the container. */
public enum NestedNamespaces {
  /** They are not looked for: a sandbox inside the container is its own affair. */
  IGNORE,
  /** They are looked for by the PID that the container's namespace gives them. */
  INCLUDE
}
