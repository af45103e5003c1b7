// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Counts files and their bytes until there are many. */
final class SizeEstimate implements DiffVisitor {

  private static final long MANY_FILES = 2_000;
  private static final long MANY_BLOCKS = (16 << 20) / 512;

  private long files;
  private long blocks;

  boolean isLarge() {
    return files >= MANY_FILES || blocks >= MANY_BLOCKS;
  }

  @Override
  public void directory(WalkDirectory directory, @Nullable WalkDirectory above) {
    files++;
  }

  @Override
  public void file(WalkEntry entry) {
    files++;
    blocks += entry.stat().blocks();
  }

  @Override
  public void raced(IOException failure) {
    // Of a tree that changes it is an estimate all the more.
  }

  @Override
  public boolean wantsMore() {
    return !isLarge();
  }
}
