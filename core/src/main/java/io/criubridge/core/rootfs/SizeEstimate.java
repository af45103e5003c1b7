// SPDX-License-Identifier: Apache-2.0
package io.criubridge.core.rootfs;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Counts files and their bytes until there are many. */
final class SizeEstimate implements DiffVisitor {

  /** What stat counts in. */
  static final long BLOCK = 512;

  private final long manyFiles;
  private final long manyBlocks;
  private long files;
  private long blocks;

  SizeEstimate(long manyFiles, long manyBlocks) {
    this.manyFiles = manyFiles;
    this.manyBlocks = manyBlocks;
  }

  boolean isLarge() {
    return files >= manyFiles || blocks >= manyBlocks;
  }

  /** A header and most often a pax header with its own, and the data. */
  long bytes() {
    return files * 3 * TarHeader.BLOCK + blocks * BLOCK;
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
