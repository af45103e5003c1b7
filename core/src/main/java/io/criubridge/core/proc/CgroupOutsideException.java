// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.proc;

import java.io.IOException;

/** A process's cgroup cannot be named from the reader's cgroup namespace. */
public final class CgroupOutsideException extends IOException {
  private static final long serialVersionUID = 1;

  CgroupOutsideException(CgroupHierarchy hierarchy) {
    super(
        "cgroup '%s' of hierarchy %s lies outside this program's cgroup namespace"
            .formatted(hierarchy.shownPath(), hierarchy.label()));
  }
}
