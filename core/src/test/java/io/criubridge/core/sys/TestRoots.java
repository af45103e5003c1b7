// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.sys;

import java.io.IOException;
import java.nio.file.Path;

/** Roots that look paths up in a given way, for tests of other packages. */
public final class TestRoots {

  private TestRoots() {}

  /** As on a kernel that has openat2(2). */
  public static ScopedRoot byKernel(Path dir) throws IOException {
    return ScopedRoot.open(dir, PathWalk.OPENAT2);
  }

  /** As on a kernel without. */
  public static ScopedRoot byComponents(Path dir) throws IOException {
    return ScopedRoot.open(dir, PathWalk.COMPONENTS);
  }
}
